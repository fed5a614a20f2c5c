// Preloaded: some of these programs offer no way to say where they listen, and here
// they hear this machine alone.
"use strict";

const { Server } = require("node:net");

const listen = Server.prototype.listen;
Server.prototype.listen = function (port, ...rest) {
  const whenReady = rest.filter((argument) => typeof argument === "function");
  const options = typeof port === "object" ? port : { port: Number(port) };
  return listen.call(this, { ...options, host: "127.0.0.1" }, ...whenReady);
};
