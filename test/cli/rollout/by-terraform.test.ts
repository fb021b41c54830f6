import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { State } from '../../../src/rollout/state/state.ts';
import { type BalancedCloud, startBalancedCloud } from '../../support/balanced-cloud.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { runBin, startBin } from '../run-bin.ts';

const BIN = join(import.meta.dirname, 'bin');

describe('rollout --engine terraform', function () {
  this.timeout(120_000);
  const root = temporaryDirectory();
  let cloud: BalancedCloud;
  let image = '';
  let directory = '';
  let infra = '';
  let cases = 0;
  before(async () => {
    cloud = await startBalancedCloud();
    image = Object.keys(cloud.state().images)[0] ?? '';
  });
  after(() => cloud.stop());
  beforeEach(() => {
    directory = join(root(), String(cases++));
    infra = join(directory, 'infra');
    mkdirSync(join(infra, '.terraform'), { recursive: true });
    mkdirSync(join(directory, 'tmp'));
    writeFileSync(join(infra, 'main.tf'), '');
    writeFileSync(join(infra, 'prod.tfvars'), '');
    const terraform = '{ directory: infra, variable: web_image, var_file: infra/prod.tfvars }';
    configure(`web: { image: ${image}, count: 1, terraform: ${terraform} }`);
  });

  function configure(...fleets: readonly string[]): void {
    const lines = fleets.map((fleet) => `  ${fleet}\n`).join('');
    const text = `endpoint: ${cloud.server.endpoint}\nregion: us-east-1\nfleets:\n${lines}`;
    writeFileSync(join(directory, 'playbake.yml'), text);
  }
  const environment = (more: Readonly<Record<string, string>> = {}) => ({
    PATH: `${BIN}${delimiter}${process.env['PATH']}`,
    TMPDIR: join(directory, 'tmp'),
    TERRAFORM_LOG: join(directory, 'log'),
    ...more,
  });
  const run = (words: string, env: Readonly<Record<string, string>> = {}) =>
    runBin('rollout', words.split(' '), { cwd: directory, env: environment(env) });
  const log = () => {
    const text = existsSync(join(directory, 'log')) ? readFileSync(join(directory, 'log'), 'utf8') : '';
    return text.replaceAll(/\S*playbake-plan-\S*/g, (word) => (word.startsWith('-out') ? '-out=PLAN' : 'PLAN'));
  };
  const values = () => JSON.parse(readFileSync(join(infra, 'playbake.auto.tfvars.json'), 'utf8'));
  const state = (): State => JSON.parse(readFileSync(join(directory, 'playbake.state.json'), 'utf8'));
  const planned = () =>
    `${infra}: plan -input=false -detailed-exitcode -out=PLAN -var-file=${infra}/prod.tfvars -var=web_image=${image}\n`;

  it('plan has Terraform plan for the image, and shows what it says', async () => {
    const { code, stdout, stderr } = await run('plan --engine terraform');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.equal(
      `fleet.web: debian-12-amd64-sandbox, as web_image = "${image}" in ${infra}\nTerraform shows its plan.\n`,
    );
    expect(log()).to.equal(planned());
    expect((await run('plan web -engine=terraform -detailed-exitcode')).code).to.equal(2);
    expect((await run('plan -engine terraform -detailed-exitcode', { PLAN_CODE: '0' })).code).to.equal(0);
    expect(readdirSync(infra).sort()).to.deep.equal(['.terraform', 'main.tf', 'prod.tfvars']);
    expect(readdirSync(join(directory, 'tmp'))).to.deep.equal([]);
  });

  it('apply applies that plan, keeps the image for Terraform, and notes the release', async () => {
    writeFileSync(join(infra, 'playbake.auto.tfvars.json'), '{"api_image":"ami-0123abcd"}');
    const { code, stdout, stderr } = await run('apply -engine terraform -auto-approve');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/Terraform shows its plan\.\nTerraform applies\.\n$/);
    expect(values()).to.deep.equal({ api_image: 'ami-0123abcd', web_image: image });
    // The values are there when it applies: by hand it would do the same.
    expect(log()).to.equal(
      `${planned()}${infra}: apply -input=false PLAN\na plan\n${JSON.stringify(values(), null, 2)}\n`,
    );
    const [release] = state().fleets['web']?.history ?? [];
    expect(release).to.deep.include({ outcome: 'good', image: { id: image, name: 'debian-12-amd64-sandbox' } });
    expect(state().fleets['web']?.slots).to.deep.equal({});
  });

  it('apply has nothing to do where Terraform has nothing to do', async () => {
    const { code } = await run('apply --engine terraform', { PLAN_CODE: '0' });
    expect(code).to.equal(0);
    expect(log()).to.equal(planned());
    expect(existsSync(join(directory, 'playbake.state.json'))).to.equal(false);
  });

  it('apply asks', async () => {
    const { code, stderr } = await run('apply --engine terraform');
    expect([code, log()]).to.deep.equal([5, planned()]);
    expect(stderr).to.include('this must be approved, and nobody can answer here');
  });

  it('tells fleets of one directory at once', async () => {
    const terraform = (variable: string) => `terraform: { directory: infra, variable: ${variable} }`;
    const fleet = (name: string, variable: string) => `${name}: { image: ${image}, count: 1, ${terraform(variable)} }`;
    configure(fleet('web', 'web_image'), fleet('api', 'api_image'), `own: { image: ${image}, count: 1 }`);
    await run('plan --engine terraform');
    expect(log()).to.match(/-out=PLAN -var=web_image=\S+ -var=api_image=\S+\n$/);
    expect((await run('plan own --engine terraform')).stderr).to.include('the fleet own has no Terraform');
  });

  it('notes what did not go well', async () => {
    const { code, stderr } = await run('apply --engine terraform --auto-approve', { APPLY_CODE: '1' });
    expect(code).to.equal(1);
    expect(stderr).to.include(`ERROR! terraform apply ended with 1 in ${infra}`);
    const [release] = state().fleets['web']?.history ?? [];
    expect(release).to.include({ outcome: 'failed', reason: 'terraform apply ended with 1' });
  });

  it('passes Ctrl-C on, once', async () => {
    const words = ['apply', '--engine', 'terraform', '--auto-approve'];
    const { child, outcome } = startBin('rollout', words, { cwd: directory, env: environment({ SLOW: '1' }) });
    child.stdin.end();
    while (!log().includes('apply')) await sleep(50);
    child.kill('SIGINT');
    const { code, stderr } = await outcome;
    expect([code, stderr]).to.deep.equal([99, 'ERROR! Terraform was told to stop, and has stopped\n']);
    expect(log().match(/interrupted/g)).to.have.length(1);
    expect(state().fleets['web']?.history[0]).to.include({ outcome: 'failed', reason: 'it was stopped by Ctrl-C' });
  });

  it('is needed for the fleets that a Terraform looks after', async () => {
    for (const words of ['plan', 'plan web', 'apply']) {
      const { code, stderr } = await run(words);
      expect([code, stderr.split('\n')[0]]).to.deep.equal([5, 'ERROR! Terraform looks after the fleet web']);
    }
    const terraform = 'terraform: { directory: infra }';
    configure(`web: { image: ${image}, count: 1, ${terraform} }`, `own: { image: ${image}, count: 1 }`);
    const { code, stdout, stderr } = await run('plan');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.include('fleet.own[0]').and.not.include('fleet.web');
  });

  it('explains what is missing', async () => {
    expect((await run('plan --engine pulumi')).stderr).to.include('--engine takes terraform, not "pulumi"');
    const failed = await run('plan --engine terraform', { PLAN_CODE: '1' });
    expect([failed.code, failed.stderr]).to.deep.equal([
      1,
      `ERROR! terraform plan in ${infra} ended with 1\n  hint: it has said why; it must have  variable "web_image" { type = string }\n`,
    ]);
    const none = await run('plan --engine terraform', { PATH: join(directory, 'nothing') });
    expect([none.code, none.stderr.split('\n')[0]]).to.deep.equal([1, 'ERROR! there is no terraform in $PATH']);
    const elsewhere = await run('plan --engine terraform', { TF_DATA_DIR: 'elsewhere' });
    expect(elsewhere.stderr).to.include(
      `Terraform is not initialized in ${infra}\n  hint: terraform -chdir=${infra} init`,
    );
    configure(`web: { image: app, count: 1, terraform: { directory: infra } }`);
    expect((await run('plan --engine terraform')).stderr).to.include('there is no image app in us-east-1');
    configure(`web: { image: ${image}, count: 1 }`);
    expect((await run('plan --engine terraform')).stderr).to.include('no fleet of playbake.yml has a Terraform');
  });
});
