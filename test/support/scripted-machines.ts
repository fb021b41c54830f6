/** Machines that only remember what they were asked, for tests of all that goes on before them. */

import type { Machines } from '../../src/sandbox/cloud/machines.ts';
import type { VolumePlace } from '../../src/sandbox/cloud/volume-mounts.ts';

export class ScriptedMachines implements Machines {
  /** What was asked, such as `start i-…`. */
  readonly asked: string[] = [];
  readonly running = new Set<string>();
  readonly disks = new Set<string>();
  /** Ids whose next start fails. */
  readonly broken = new Set<string>();
  /** What `answers` says. */
  answering = true;
  /** When set, starts and stops wait for it. */
  gate: Promise<void> | undefined;

  readonly start = async ({ id }: { readonly id: string }): Promise<void> => {
    this.asked.push(`start ${id}`);
    await this.gate;
    if (this.broken.delete(id)) throw new Error('no machine today');
    this.disks.add(id);
    this.running.add(id);
  };

  readonly stop = async (id: string, { force }: { readonly force: boolean }): Promise<void> => {
    this.asked.push(`${force ? 'cut' : 'stop'} ${id}`);
    await this.gate;
    this.running.delete(id);
  };

  readonly reboot = async (id: string): Promise<void> => {
    this.asked.push(`reboot ${id}`);
  };

  readonly attach = async (id: string, { device, volumeId }: VolumePlace): Promise<void> => {
    this.asked.push(`attach ${id} ${device} ${volumeId}`);
  };

  readonly detach = async (id: string, { device, volumeId }: VolumePlace): Promise<void> => {
    this.asked.push(`detach ${id} ${device} ${volumeId}`);
  };

  readonly remove = async (id: string): Promise<void> => {
    this.asked.push(`remove ${id}`);
    this.running.delete(id);
    this.disks.delete(id);
  };

  readonly isRunning = (id: string): boolean => this.running.has(id);
  /** Ids whose machine was cut short. */
  readonly cut = new Set<string>();
  readonly ending = async (id: string): Promise<'off' | 'cut'> => (this.cut.has(id) ? 'cut' : 'off');
  readonly answers = async (id: string): Promise<boolean> => this.answering && this.running.has(id);
  readonly console = async (id: string): Promise<Buffer> => Buffer.from(`console of ${id}\n`);
  readonly all = async (): Promise<readonly string[]> => [...this.disks];
  /** The program that was put in force last. */
  program = '';
  readonly filter = async (program: string): Promise<void> => {
    this.program = program;
  };
}
