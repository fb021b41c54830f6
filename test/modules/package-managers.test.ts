/** dnf, yum, apk, zypper and pacman by stand-ins that write what the real ones write; apt has real machines. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Session } from '../../src/connection/session.ts';
import { coerceArguments } from '../../src/module/check-arguments.ts';
import { loadBuiltin } from '../../src/module/load-module.ts';
import { fromPlain, isDict, type Plain, type Result } from '../../src/module/module.ts';
import { perform } from '../../src/module/perform.ts';
import { language } from './language.ts';
import { localHost, openSession } from './local-host.ts';
import { availableShells } from './shells.ts';

const FAKES = join(import.meta.dirname, 'fakes');
const directory = mkdtempSync(join(tmpdir(), 'playbake-managers-'));

/** The one line that each must run for nginx and curl, of which curl is there. */
const LINES: { readonly [module: string]: { readonly [what: string]: string } } = {
  dnf: {
    check: 'dnf --assumeno install nginx',
    install: 'dnf -y install nginx',
    latest: 'dnf -y upgrade nginx',
    remove: 'dnf -y remove nginx',
  },
  apk: {
    check: 'apk add --simulate nginx',
    install: 'apk add nginx',
    latest: 'apk add --upgrade nginx',
    remove: 'apk del --purge nginx',
  },
  zypper: {
    check:
      'zypper --non-interactive install --type package --auto-agree-with-licenses --no-recommends --dry-run -- nginx',
    install: 'zypper --non-interactive install --type package --auto-agree-with-licenses --no-recommends -- nginx',
    latest: 'zypper --non-interactive install --type package --auto-agree-with-licenses --no-recommends -- nginx',
    remove: 'zypper --non-interactive remove --type package -- nginx',
  },
  pacman: {
    check: 'pacman -S --print-format %n %v --needed nginx',
    install: 'pacman -S --noconfirm --noprogressbar --needed nginx',
    latest: 'pacman -S --noconfirm --noprogressbar --needed nginx',
    remove: 'pacman -R --noconfirm --noprogressbar nginx',
  },
};

describe('package managers', () => {
  after(() => rmSync(directory, { recursive: true }));

  for (const shell of availableShells(directory)) {
    describe(shell.name, () => {
      let session: Session;
      let state: string;
      before(() => {
        session = openSession(shell.path);
      });
      after(() => session.close());
      beforeEach(() => {
        state = mkdtempSync(join(directory, 'state-'));
        writeFileSync(join(state, 'installed'), 'curl\n');
      });

      async function task(name: string, args: { readonly [name: string]: Plain }, check = false): Promise<Result> {
        const module = await loadBuiltin(name);
        const given = fromPlain(args);
        if (!module || !isDict(given)) throw new Error(`there is no module ${name}`);
        const environment = { PATH: `${FAKES}:${process.env['PATH']}`, FAKE: state };
        const host = localHost({ session, check, vars: new Map(), language, control: directory, environment });
        const { result, outcome } = await perform(module, coerceArguments(name, module, given, undefined), host);
        if (outcome) expect(Boolean(result.failed), 'it streams: fails where a step does').to.equal(outcome.failed);
        return result;
      }

      const log = (): readonly string[] => {
        const path = join(state, 'log');
        const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
        rmSync(path, { force: true });
        return lines;
      };
      const installed = () => readFileSync(join(state, 'installed'), 'utf8').trim().split('\n');

      for (const [name, lines] of Object.entries(LINES)) {
        it(`${name} runs only for what is missing, old or too much`, async () => {
          const both = { name: ['curl', 'nginx'] };
          expect(await task(name, both, true)).to.include({ changed: true });
          expect(log()).to.deep.equal([lines['check']]);
          expect(installed()).to.deep.equal(['curl']);
          expect(await task(name, both)).to.include({ changed: true });
          expect(log()).to.deep.equal([lines['install']]);
          expect(await task(name, both)).to.include({ changed: false });
          expect(await task('package', { ...both, use: name, state: 'installed' })).to.include({ changed: false });
          expect(log()).to.deep.equal([]);
          writeFileSync(join(state, 'old'), 'nginx\n');
          const latest = { name: 'nginx', state: 'latest' };
          expect(await task(name, latest, true), 'latest, check').to.include({ changed: true });
          log();
          expect(await task(name, latest)).to.include({ changed: true });
          expect(log()).to.deep.equal([lines['latest']]);
          expect(await task(name, latest)).to.include({ changed: false });
          log();
          const gone = { name: ['nginx', 'never'], state: 'absent' };
          expect(await task(name, gone, true)).to.include({ changed: true });
          expect(installed()).to.include('nginx');
          log();
          expect(await task('package', { ...gone, use: name })).to.include({ changed: true });
          expect(log()).to.deep.equal([lines['remove']]);
          expect(await task(name, gone)).to.include({ changed: false });
          expect(installed()).to.deep.equal(['curl']);
        });

        it(`${name} says what is not to be had`, async () => {
          for (const check of [true, false]) {
            const lost = await task(name, { name: 'lost' }, check);
            expect(lost, JSON.stringify(lost)).to.include({ failed: true });
            expect(String(lost.msg)).to.include('lost');
          }
        });

        it(`${name} fails where one of several is not to be had`, async () => {
          const result = await task(name, { name: ['nginx', 'lost'] });
          expect(result.failed, JSON.stringify(result)).to.equal(true);
        });

        it(`${name} fetches the lists when it is told to`, async () => {
          expect(await task(name, { name: 'curl', update_cache: true })).to.include({ changed: false });
          expect(log()).to.have.length(name === 'dnf' ? 2 : 1);
        });
      }

      it('dnf has its own results, and takes what is provided for installed', async () => {
        expect(await task('dnf', { name: 'nginx' })).to.deep.include({
          rc: 0,
          results: ['Installed: nginx-1.0-1.x86_64'],
        });
        writeFileSync(join(state, 'provides'), 'curl provides webclient\n');
        expect(await task('dnf', { name: 'webclient' })).to.include({ changed: false, msg: 'Nothing to do' });
        log();
        const options = {
          enablerepo: ['extra'],
          disable_gpg_check: true,
          exclude: 'kernel*',
          install_weak_deps: false,
        };
        await task('dnf', { name: '@Tools', ...options });
        expect(log()).to.deep.equal([
          'dnf -y --nogpgcheck --setopt=install_weak_deps=False --enablerepo=extra --exclude=kernel* install @Tools',
        ]);
        expect(await task('dnf', { name: '*', state: 'latest' })).to.include({ changed: false });
        expect(log()).to.deep.equal(['dnf -y upgrade']);
      });

      it('pacman takes groups for what is in them', async () => {
        expect(await task('pacman', { name: 'tools' })).to.include({ changed: true });
        expect(installed()).to.include.members(['make', 'gcc']);
        expect(await task('pacman', { name: 'tools' })).to.include({ changed: false });
      });

      it('package refuses what the manager does not take', async () => {
        const strange = await task('package', { name: 'curl', use: 'apk', enablerepo: 'x' });
        expect(strange).to.include({ failed: true, msg: 'Unsupported parameters for (apk) module: enablerepo.' });
        expect(await task('package', { name: 'curl', use: 'emerge' })).to.include({ failed: true });
      });
    });
  }
});
