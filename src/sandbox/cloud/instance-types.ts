/**
 * Some of EC2's instance types, with what is true of them there. A machine of the sandbox has all of this machine's
 * processors and memory, whatever its type. Source: Amazon EC2 instance types, specifications by family.
 */

export interface InstanceTypeSpec {
  readonly name: string;
  readonly vcpus: number;
  readonly threadsPerCore: 1 | 2;
  readonly memoryMiB: number;
  readonly architectures: readonly ('x86_64' | 'i386' | 'arm64')[];
  readonly burstable: boolean;
  readonly freeTier: boolean;
  readonly hypervisor: 'nitro' | 'xen';
}

type Size = readonly [name: string, vcpus: number, memoryMiB: number];

const GIB = 1024;

/** Sizes by the number of processors; each has the same memory per processor. */
function sized(gibPerCpu: number, cpus: readonly number[]): readonly Size[] {
  return cpus.map((count) => [nameOfSize(count), count, count * gibPerCpu * GIB]);
}

function nameOfSize(cpus: number): string {
  if (cpus === 1) return 'medium';
  if (cpus === 2) return 'large';
  return cpus === 4 ? 'xlarge' : `${cpus / 4}xlarge`;
}

const BURSTABLE: readonly Size[] = [
  ['nano', 2, 512],
  ['micro', 2, GIB],
  ['small', 2, 2 * GIB],
  ['medium', 2, 4 * GIB],
  ['large', 2, 8 * GIB],
  ['xlarge', 4, 16 * GIB],
  ['2xlarge', 8, 32 * GIB],
];

const T2: readonly Size[] = BURSTABLE.map(([name, cpus, memory], index) => [name, index < 3 ? 1 : cpus, memory]);

const FIFTH = [2, 4, 8, 16, 32, 48, 64, 96];
const SIXTH = [...FIFTH, 128];
const GRAVITON = [1, 2, 4, 8, 16, 32, 48, 64];

const X86 = { threadsPerCore: 2, architectures: ['x86_64'], burstable: false, hypervisor: 'nitro' } as const;
const ARM = { ...X86, threadsPerCore: 1, architectures: ['arm64'] } as const;

type Traits = Pick<InstanceTypeSpec, 'threadsPerCore' | 'architectures' | 'burstable' | 'hypervisor'>;

const FAMILIES: readonly (readonly [family: string, traits: Traits, sizes: readonly Size[]])[] = [
  ['t2', { ...X86, threadsPerCore: 1, burstable: true, hypervisor: 'xen' }, T2],
  ['t3', { ...X86, burstable: true }, BURSTABLE],
  ['t3a', { ...X86, burstable: true }, BURSTABLE],
  ['t4g', { ...ARM, burstable: true }, BURSTABLE],
  ['m5', X86, sized(4, FIFTH)],
  ['m6i', X86, sized(4, SIXTH)],
  ['m6g', ARM, sized(4, GRAVITON)],
  ['m7g', ARM, sized(4, GRAVITON)],
  ['m7i', X86, sized(4, [...FIFTH, 192])],
  ['c5', X86, sized(2, [2, 4, 8, 16, 36, 48, 72, 96])],
  ['c6i', X86, sized(2, SIXTH)],
  ['c6g', ARM, sized(2, GRAVITON)],
  ['c7g', ARM, sized(2, GRAVITON)],
  ['c7i', X86, sized(2, [...FIFTH, 192])],
  ['r5', X86, sized(8, FIFTH)],
  ['r6i', X86, sized(8, SIXTH)],
  ['r6g', ARM, sized(8, GRAVITON)],
];

/** The first t2 sizes run 32-bit images too. */
const I386 = ['t2.nano', 't2.micro', 't2.small', 't2.medium'];
const FREE = ['t2.micro', 't3.micro'];

export const INSTANCE_TYPES: readonly InstanceTypeSpec[] = FAMILIES.flatMap(([family, traits, sizes]) =>
  sizes.map(([size, vcpus, memoryMiB]): InstanceTypeSpec => {
    const name = `${family}.${size}`;
    const architectures = I386.includes(name) ? (['i386', 'x86_64'] as const) : traits.architectures;
    return { ...traits, name, vcpus, memoryMiB, architectures, freeTier: FREE.includes(name) };
  }),
);

export function instanceTypeNamed(name: string): InstanceTypeSpec | undefined {
  return INSTANCE_TYPES.find((type) => type.name === name);
}
