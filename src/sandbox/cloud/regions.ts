/** The regions that the sandbox has: those that every AWS account has without asking for them. */

const REGIONS = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
] as const;

export const REGION_NAMES: readonly string[] = REGIONS;

export function isRegion(name: string): boolean {
  return REGION_NAMES.includes(name);
}

/** The names of a region's availability zones. */
export function zonesOf(region: string): readonly string[] {
  return ['a', 'b', 'c'].map((letter) => region + letter);
}

/** The id of a zone, such as `use1-az1`. */
export function zoneIdOf(region: string, zone: string): string {
  return `${region.replace(/^(\w+)-(\w)\w*-(\d)$/, '$1$2$3')}-az${zonesOf(region).indexOf(zone) + 1}`;
}
