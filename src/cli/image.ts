/** `playbake image …`: images that bakes have made. */

import { dirname } from 'node:path';
import { diffManifests } from '../bake/diff-manifests.ts';
import { promote } from '../bake/images/promote.ts';
import { revoke } from '../bake/images/revoke.ts';
import { type ImageInfo, Images } from '../bake/images.ts';
import { sbomOf } from '../bake/manifest/sbom.ts';
import { type ImageRecord, Records } from '../bake/record/records.ts';
import { chooseCloud } from '../cloud/choose-cloud.ts';
import { asFault } from '../cloud/cloud-error.ts';
import { loadConfig } from '../config/load-config.ts';
import { Fault } from '../fault.ts';
import { differenceText, type HistoryEntry, historyText, listText, showText } from '../report/image-text.ts';
import { type ImageArguments, parseImageArguments } from './image-options.ts';
import { ensureCloud } from './sandbox-cloud.ts';
import type { Session, Verb } from './session.ts';

export const image: Verb = async (args, session) => {
  const parsed = parseImageArguments(args, session.screen.out);
  if (!parsed) return 0;
  const { config: file, region } = parsed.options;
  const onWarning = (fault: Fault) => session.screen.err(`[WARNING]: ${fault.message}\n`);
  const config = loadConfig({ directory: session.screen.directory, file, onWarning });
  const records = new Records(config.file === undefined ? session.screen.directory : dirname(config.file));
  if (parsed.verb === 'diff' && parsed.words.every((word) => word.startsWith('ami-'))) {
    return diff(parsed, records, (word) => Promise.resolve(word), session);
  }
  const cloud = await chooseCloud(config, () => ensureCloud(session));
  try {
    return await perform(parsed, new Images(cloud.ec2(region), region ?? cloud.region), records, session);
  } catch (error) {
    throw asFault(error);
  } finally {
    cloud.close();
  }
};

async function perform(args: ImageArguments, images: Images, records: Records, session: Session): Promise<number> {
  const [word = '', second = ''] = args.words;
  switch (args.verb) {
    case 'list':
      return show(await images.list(args.words[0]), listText, (all) => all.map(plain), args, session);
    case 'show':
      return showOne(await images.find(word), records, args, session);
    case 'diff':
      return diff(args, records, async (one) => (await images.find(one)).id, session);
    case 'history':
      return history(await historyOf(word, images), records, args, session);
    case 'promote': {
      const done = await promote(images, await images.find(word), second, new Date());
      const { image: one, channel, before, isSame } = done;
      const instead =
        before.length === 0 ? '' : `, in the place of ${before.map(({ id, name }) => `${name} (${id})`).join(', ')}`;
      const text = isSame
        ? `${one.name} (${one.id}) is in ${channel} already.\n`
        : `${one.name} (${one.id}) is now in ${channel}${instead}.\n`;
      return show(
        done,
        () => text,
        () => ({ ...done, image: plain(one), before: before.map(plain) }),
        args,
        session,
      );
    }
    case 'revoke': {
      const { force = false, deregister = false, because } = args.options;
      const done = await revoke(images, await images.find(word), { force, deregister, because, now: new Date() });
      if (deregister) records.remove(done.image.id);
      return show(done, revokedText, () => ({ ...done, image: plain(done.image) }), args, session);
    }
  }
}

function revokedText({ image: { id, name }, channels, deregistered }: Awaited<ReturnType<typeof revoke>>): string {
  const left = channels.length === 0 ? '' : `; it has left ${channels.join(', ')}`;
  return deregistered
    ? `${name} (${id}) is removed, with its snapshots${left}.\n`
    : `${name} (${id}) is revoked${left}.\n`;
}

function showOne(one: ImageInfo, records: Records, args: ImageArguments, session: Session): number {
  const record = records.read(one.id);
  if (args.options.sbom) {
    const { manifest } = record ?? missing(one.id, records);
    session.screen.out(`${JSON.stringify(sbomOf(manifest), null, 2)}\n`);
    return 0;
  }
  const all = { ...plain(one), ...(record && { manifest: record.manifest }) };
  return show(
    one,
    () => showText(one, record?.manifest),
    () => all,
    args,
    session,
  );
}

async function diff(
  args: ImageArguments,
  records: Records,
  idOf: (word: string) => Promise<string>,
  session: Session,
): Promise<number> {
  const [before = '', after = ''] = args.words;
  const manifestOf = async (word: string) => {
    const id = await idOf(word);
    return (records.read(id) ?? missing(id, records)).manifest;
  };
  const difference = diffManifests(await manifestOf(before), await manifestOf(after));
  return show(difference, differenceText, () => difference, args, session);
}

/** The images of a name of playbake.yml, or of the name of the image that is meant; the oldest first. */
async function historyOf(word: string, images: Images): Promise<readonly ImageInfo[]> {
  const named = await images.list(word);
  return (named.length > 0 ? named : await images.list((await images.find(word)).image)).toReversed();
}

function history(all: readonly ImageInfo[], records: Records, args: ImageArguments, session: Session): number {
  let before: ImageRecord | undefined;
  const entries = all.map((one): HistoryEntry => {
    const record = records.read(one.id);
    const difference = record && before && diffManifests(before.manifest, record.manifest);
    before = record ?? before;
    const changes = difference && {
      tasks: difference.tasks.length,
      packages: difference.packages.length,
      files: difference.files.length,
      base: difference.base !== undefined,
    };
    return { image: one, commit: record?.manifest.source.commit, changes };
  });
  return show(
    entries,
    historyText,
    () => entries.map((entry) => ({ ...entry, image: plain(entry.image) })),
    args,
    session,
  );
}

function show<T>(
  value: T,
  text: (value: T) => string,
  json: (value: T) => unknown,
  args: ImageArguments,
  session: Session,
): number {
  session.screen.out(args.options.json ? `${JSON.stringify(json(value), null, 2)}\n` : text(value));
  return 0;
}

const plain = (one: ImageInfo) => ({ ...one, channels: Object.fromEntries(one.channels) });

function missing(id: string, records: Records): never {
  throw new Fault('record-missing', `what ${id} holds is not on record here`, {
    hint: `a bake writes it to ${records.fileOf(id)}; where it was baked elsewhere, get the file from there (it may be kept in git)`,
  });
}
