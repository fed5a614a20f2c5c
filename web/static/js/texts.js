// Our texts as they would be read, while they are being written.
"use strict";

import { looking } from "./looking.js";

looking(document.getElementById("texts"), document.getElementById("look"), document.getElementById("phones"));
