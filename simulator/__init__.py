"""The built-in telco: a separate process that behaves like Twilio or like Somleng.

It speaks real HTTP on the loopback, keeps to its own pace, signs its callbacks, runs
TwiML against simulated citizens and fails on command. It knows nothing of warnings,
cases or deliveries: whatever it learns about our service it learns over HTTP.
"""
