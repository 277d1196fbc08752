import "./main.css";
import "./htmx";
import Alpine from "@alpinejs/csp";
import { startCopyButtons } from "./copy";
import { startMenus } from "./menus";
import { startUploads } from "./upload";
import { startOffline } from "./offline";

startMenus();
startCopyButtons();
startUploads();
startOffline();
Alpine.start();
