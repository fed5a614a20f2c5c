"""The built-in telco: a separate process that behaves like Twilio or Somleng."""
