/** Clients, each made when first asked for. */
export class Kept<T extends { destroy(): void }> {
  readonly #clients = new Map<string, T>();

  get(key: string, make: () => T): T {
    const client = this.#clients.get(key) ?? make();
    this.#clients.set(key, client);
    return client;
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
  }
}
