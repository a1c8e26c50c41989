/** Entry of the Firefox package's background. */

import { listenToPages } from "./pages.js";

listenToPages();
