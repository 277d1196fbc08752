import "./public.css";
import { startChains } from "./chain";
import { startCopyButtons } from "./copy";

startCopyButtons();
startChains();
