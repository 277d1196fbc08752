import "./public.css";
import { startCopyButtons } from "./copy";

startCopyButtons();
