// Whether any of the evidence was drawn instead of taken.
import type { Evidence } from "../../api/types";

export const isSynthetic = (evidence: readonly Evidence[]): boolean => evidence.some((item) => item.synthetic);
