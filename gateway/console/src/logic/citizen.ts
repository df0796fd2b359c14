// Whether a citizen number can be one (GB 11643-1999): told while it is typed; the gateway decides.

const CHECKS = "10X98765432";

/** 17 digits, a day of birth that exists, and the check character of ISO 7064 MOD 11-2. */
export function isCitizenNumber(typed: string): boolean {
  const bare = bareNumber(typed);
  if (!/^[1-9]\d{16}[\dX]$/.test(bare)) return false;
  const born = `${bare.slice(6, 10)}-${bare.slice(10, 12)}-${bare.slice(12, 14)}`;
  const day = new Date(`${born}T00:00:00Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== born) return false;
  const sum = Array.from(bare.slice(0, 17)).reduce((found, digit, index) => found + Number(digit) * (2 ** (17 - index) % 11), 0);
  return CHECKS[sum % 11] === bare[17];
}

/** As it is printed. */
export const bareNumber = (typed: string): string => typed.replaceAll(/[\s-]/g, "").toUpperCase();
