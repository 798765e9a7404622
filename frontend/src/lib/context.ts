import { getContext, setContext } from "svelte";
import type { Report } from "./report.svelte.ts";

const KEY = Symbol("report");

export const provideReport = (report: Report): Report => setContext(KEY, report);
export const useReport = (): Report => getContext<Report>(KEY);
