import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { readUserData } from '../../../src/sandbox/cloud/user-data.ts';

/** Each part as its kind and its text. */
function read(content: string | Buffer): readonly string[] {
  return readUserData(Buffer.from(content)).map((part) => {
    if (part.kind === 'unknown') return `unknown: ${part.why}`;
    return `${part.kind}: ${part.kind === 'config' ? part.text : part.content.toString()}`;
  });
}

const ARCHIVE = `From nobody Thu Nov 26 02:00:00 2026
Content-Type: multipart/mixed;
 boundary="==b+1=="
MIME-Version: 1.0

not a part
--==b+1==
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/sh
echo one
--==b+1==
Content-Type: text/cloud-config
Content-Transfer-Encoding: base64

${Buffer.from('#cloud-config\nruncmd: [two]\n').toString('base64')}
--==b+1==
Content-Type: text/plain
Content-Transfer-Encoding: quoted-printable

#!/bin/sh=0Aecho three =
more
--==b+1==
Content-Type: application/gzip
Content-Transfer-Encoding: base64

${gzipSync('#cloud-boothook\nfour').toString('base64')}
--==b+1==--
after the end
`;

describe('user-data', () => {
  it('is told by its first line', () => {
    expect(read('')).to.deep.equal([]);
    expect(read('#!/bin/sh\necho hi\n')).to.deep.equal(['script: #!/bin/sh\necho hi\n']);
    expect(read('#cloud-config\na: 1\n')).to.deep.equal(['config: #cloud-config\na: 1\n']);
    expect(read('#cloud-boothook\nx')).to.deep.equal(['boothook: #cloud-boothook\nx']);
  });

  it('may be compressed', () => {
    expect(read(gzipSync('#!/bin/sh\n'))).to.deep.equal(['script: #!/bin/sh\n']);
  });

  it('may have several parts', () => {
    const parts = [
      '#!/bin/sh\necho one',
      '#cloud-config\nruncmd: [two]\n',
      '#!/bin/sh\necho threemore',
      '#cloud-boothook\nfour',
    ];
    for (const archive of [ARCHIVE, ARCHIVE.replaceAll('\n', '\r\n')]) {
      const lines = read(archive).map((part) => part.replaceAll('\r\n', '\n'));
      const expected = ['script', 'config', 'script', 'boothook'].map((kind, index) => `${kind}: ${parts[index]}`);
      expect(lines).to.deep.equal(expected);
    }
  });

  it('says what is done with nothing', () => {
    expect(read('hello')).to.deep.equal([
      'unknown: Unhandled non-multipart (text/x-not-multipart) userdata: "hello"...',
    ]);
    expect(read('#include\nhttp://x')).to.deep.equal(['unknown: the sandbox does not do #include in user-data']);
    const cut = gzipSync('#!/bin/sh\n').subarray(0, 12);
    expect(read(cut))
      .to.have.length(1)
      .and.property('0')
      .match(/^unknown: Unhandled/);
  });
});
