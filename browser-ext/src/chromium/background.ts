/** Entry of the Chromium package's service worker. */

import { listenToProxy } from "./proxy.js";

listenToProxy();
