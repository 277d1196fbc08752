import "./main.css";
import "./htmx";
import Alpine from "@alpinejs/csp";
import { startChains } from "./chain";
import { startCopyButtons } from "./copy";
import { startMenus } from "./menus";
import { startUploads } from "./upload";
import { startOffline } from "./offline";

startMenus();
startCopyButtons();
startUploads();
startChains();
startOffline();
Alpine.start();
