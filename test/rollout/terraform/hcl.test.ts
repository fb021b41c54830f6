import { expect } from 'chai';
import { attributes, Expression, hcl, hclString } from '../../../src/rollout/terraform/hcl.ts';

describe("values in Terraform's language", () => {
  const strings = [
    ['plain', '"plain"'],
    ['say "no"', '"say \\"no\\""'],
    ['C:\\bin', '"C:\\\\bin"'],
    ['one\ntwo\tthree\r', '"one\\ntwo\\tthree\\r"'],
    ['\b\f\u0000\u007f', '"\\u0008\\u000c\\u0000\\u007f"'],
    ['\\b', '"\\\\b"'],
    ['${HOME} %{if} $x %', '"$${HOME} %%{if} $x %"'],
    ['grün 🌱', '"grün 🌱"'],
  ] as const;
  for (const [text, written] of strings) {
    it(`quote ${JSON.stringify(text)}`, () => expect(hclString(text)).to.equal(written));
  }

  it('are lists and objects', () => {
    expect(hcl(['a', 1, true, null])).to.equal('["a", 1, true, null]');
    expect(hcl([])).to.equal('[]');
    expect(hcl({})).to.equal('{}');
    expect(hcl({ a: 1, 'long name': new Expression('var.x') })).to.equal(
      '{\n  a           = 1\n  "long name" = var.x\n}',
    );
    expect(hcl(['x'.repeat(60), 'y'.repeat(60)], '  ')).to.equal(
      `[\n    "${'x'.repeat(60)}",\n    "${'y'.repeat(60)}",\n  ]`,
    );
  });

  it('stand in columns, but for those of several lines', () => {
    const text = attributes(
      [
        ['ami', 'ami-1'],
        ['instance_type', 't3.small'],
        ['tags', { Name: 'web' }],
        ['key_name', 'me'],
        ['id', 1],
      ],
      '  ',
    );
    expect(text).to.equal(`  ami           = "ami-1"
  instance_type = "t3.small"

  tags = {
    Name = "web"
  }

  key_name = "me"
  id       = 1
`);
  });

  it('are heredocs where they are lines', () => {
    const script = '#!/bin/sh\n\techo "${HOME}" \\n\n EOT\n';
    expect(attributes([['user_data', script]], '  ')).to.equal(
      `  user_data = <<EOT_\n#!/bin/sh\n\techo "$\${HOME}" \\n\n EOT\nEOT_\n`,
    );
    expect(attributes([['user_data', 'a\nb']], '')).to.equal('user_data = "a\\nb"\n');
    expect(attributes([['user_data', 'a\r\nb\n']], '')).to.equal('user_data = "a\\r\\nb\\n"\n');
  });
});
