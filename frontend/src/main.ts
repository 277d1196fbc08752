import "./main.css";
import "./htmx";
import Alpine from "@alpinejs/csp";
import { startActions } from "./actions";
import { startChains } from "./chain";
import { startCopyButtons } from "./copy";
import { startMenus } from "./menus";
import { startUploads } from "./upload";
import { startWeights } from "./weight";
import { startOffline } from "./offline";

startMenus();
startCopyButtons();
startUploads();
startActions();
startWeights();
startChains();
startOffline();
Alpine.start();
