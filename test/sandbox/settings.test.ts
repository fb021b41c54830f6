import { expect } from 'chai';
import { aptOptions, aptSources } from '../../src/sandbox/apt-settings.ts';
import { extraCertificates } from '../../src/sandbox/certificates.ts';
import { pipConfig, pipSettings } from '../../src/sandbox/pip-settings.ts';

const row = (...fields: readonly string[]) => fields.join('\t');

describe('sandbox settings from apt', () => {
  it('are the mirrors of Debian, for the release of the machines', () => {
    const targets = [
      row('Docker', 'trixie', 'stable', 'https://download.docker.com/linux/debian/'),
      row('', 'nodistro', 'main', 'https://deb.nodesource.com/node_20.x/'),
      row('Debian', 'trixie', 'contrib', 'http://mirror.example/debian/'),
      row('Debian', 'trixie', 'main', 'http://mirror.example/debian/'),
      row('Debian', 'trixie-updates', 'main', 'http://updates.example/debian/'),
      row('', 'trixie-security', 'main', 'http://mirror.example/debian-security/'),
    ].join('\n');
    expect(aptSources(targets, 'bookworm')).to.deep.equal([
      'deb http://mirror.example/debian/ bookworm main',
      'deb http://updates.example/debian/ bookworm-updates main',
      'deb http://mirror.example/debian-security/ bookworm-security main',
    ]);
  });

  it('are the public mirrors where this machine is no Debian', () => {
    const targets = row('Ubuntu', 'noble', 'main', 'http://archive.ubuntu.com/ubuntu/');
    expect(aptSources(targets, 'bookworm')[0]).to.equal('deb http://deb.debian.org/debian/ bookworm main');
  });

  it('are the options that say how to reach a mirror', () => {
    const dump = [
      'APT::Install-Recommends "1";',
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::https::Proxy "";',
      'Acquire::https::mirror.example::CaInfo "/etc/ssl/own.pem";',
      'Acquire::http::Proxy-Auto-Detect "/usr/local/bin/find-proxy";',
      'Acquire::Check-Valid-Until "false";',
      'Acquire::Languages "none";',
    ].join('\n');
    expect(aptOptions(dump)).to.deep.equal([
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::https::mirror.example::CaInfo "/etc/ssl/own.pem";',
      'Acquire::Check-Valid-Until "false";',
    ]);
  });
});

describe('sandbox settings from pip', () => {
  it('merge files and variables, the later winning, and keep only how to reach packages', () => {
    const everyone = '[global]\nindex-url = https://one.example/simple\nbreak-system-packages = true\n';
    const user = '[install]\nextra-index-url:\n    https://two.example/simple\n    https://three.example/simple\n';
    const list = '[list]\nformat = json\ntimeout = 1\n';
    const found = pipSettings([everyone, user + list], {
      PIP_INDEX_URL: 'https://four.example/simple',
      PIP_DEFAULT_TIMEOUT: '60',
      PIP_FIND_LINKS: '/opt/wheels https://wheels.example/',
      PIP_REQUIRE_VIRTUALENV: '1',
      HOME: '/root',
    });
    expect(pipConfig(found)).to.equal(`[global]
index-url = https://four.example/simple
extra-index-url = https://two.example/simple
    https://three.example/simple
timeout = 60
find-links = https://wheels.example/
`);
  });

  it('are no file when there are none', () => {
    expect(pipConfig(pipSettings(['# nothing\n'], { PIP_FIND_LINKS: '/opt/wheels' }))).to.equal('');
  });
});

describe('sandbox settings from certificates', () => {
  const pem = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;

  it('are the authorities beyond those of the distribution, each once', () => {
    const bundle = pem('AAAA') + pem('BBBB') + pem('CCCC');
    const extra = extraCertificates(
      [bundle, `Subject: own\n${pem('CCCC').replaceAll('\n', '\r\n')}`],
      [pem('AAAA'), pem('BBBB')],
    );
    expect(extra.map(({ content }) => content)).to.deep.equal([pem('CCCC')]);
    expect(extra[0]?.path).to.match(/^\/usr\/local\/share\/ca-certificates\/outside-[0-9a-f]{12}\.crt$/);
  });
});
