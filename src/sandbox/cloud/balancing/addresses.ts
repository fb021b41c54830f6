/** What load balancers ask of the machine that they are on: an address of their own for each. */
export interface Addresses {
  /** Gives this machine an address of the sandbox's network, or leaves it there. */
  readonly raise: (address: string) => Promise<void>;
  readonly lower: (address: string) => Promise<void>;
  /** Those that were raised, by this process or an earlier one. */
  readonly all: () => Promise<readonly string[]>;
  /** Where programs on this machine find an address of the sandbox's network: itself, where the network is real. */
  readonly reach: (address: string) => string;
}
