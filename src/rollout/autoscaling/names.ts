/** How the Auto Scaling group of a fleet is called, and its launch template. */
export function groupName(fleet: string): string {
  return `playbake-${fleet}`;
}
