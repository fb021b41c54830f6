import { expect } from 'chai';
import { compile } from '../../src/shell/compile.ts';
import { sh } from '../../src/shell/sh.ts';
import { ensure, put, read, run, set, when } from '../../src/shell/steps.ts';

const plain = { check: false, diff: false };

describe('compile', () => {
  it('prints each piece as a function, and the calls as a chain', () => {
    const { text } = compile(
      [
        ensure(sh`[ -d ${'/srv/my app'} ]`, sh`mkdir -p -- ${'/srv/my app'}`),
        set('mode', sh`stat -c %a -- ${'/srv/my app'}`, '0755', sh`chmod 0755 -- ${'/srv/my app'}`),
        run(sh`systemctl restart app`, { ok: [0, 5], harmless: true }),
        set('user', sh`v=$u`, 'app', sh`usermod app`, { assigns: true }),
        read(sh`v=$u`, () => ({}), { assigns: true }),
      ],
      plain,
    );
    expect(text).to.equal(`pb_c= pb_D= pb_w=
i_0() { [ -d '/srv/my app' ]
}
m_0() { mkdir -p -- '/srv/my app'
}
r_1() { stat -c %a -- '/srv/my app'
}
m_1() { chmod 0755 -- '/srv/my app'
}
m_2() ( systemctl restart app
)
r_3() { v=$u
}
m_3() { usermod app
}
r_4() { v=$u
}
pb_ensure 0 &&
pb_set 1 0755 &&
pb_run 2 1 '0 5' &&
pb_set 3 app 1 &&
pb_read 4 1`);
  });

  it('says what mode the program runs in, and exports the environment', () => {
    const { text } = compile([], { check: true, diff: true, watch: true, environment: { A: "it's" } });
    expect(text).to.equal(`pb_c=1 pb_D=1 pb_w=1\nexport A='it'\\''s'\n:`);
  });

  it('prints conditions around the steps that they guard', () => {
    const { steps, text } = compile(
      [when(sh`true`, [run(sh`a`)], [read(sh`b`, () => ({}))]), run(sh`c`, { unless: sh`d`, ok: 'any' })],
      plain,
    );
    expect(text.slice(text.indexOf('if i_0'))).to.equal(`if i_0 >/dev/null 2>&1 </dev/null; then pb_run 1 '' 0
else pb_read 2; fi &&
if i_3 >/dev/null 2>&1 </dev/null; then pb_say 3 ok 0 '' ''; else pb_run 3 '' any; fi`);
    expect(steps.map(({ kind }) => kind)).to.deep.equal(['when', 'run', 'read', 'run']);
  });

  it('prints a file with its checksum, so that an equal one need not be written', () => {
    const { text } = compile([put('/etc/motd', 'hello\n', { owner: 'root', mode: '0644', backup: true })], plain);
    expect(text).to.equal(`pb_c= pb_D= pb_w=
c_0() { printf %s 'hello
'
}
pb_put 0 /etc/motd 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 root '' 0644 b ''`);
  });

  it('prints bytes that are no text in octal', () => {
    const { text } = compile([put('/x', Uint8Array.from([0, 65, 255, 10, 49]))], plain);
    expect(text).to.include(`c_0() { printf %b '\\0000A\\0377\n1'\n}`);
  });

  it('prints the words of a validate command as words, with the new file in place of %s', () => {
    const { text } = compile([put('/x', '', { validate: `sh -c "it's \\"%s\\"" 'a b' '' --x=%s $(no)` })], plain);
    expect(text).to.include(`v_0() ( sh -c 'it'\\''s "'"$1"'"' 'a b' '' '--x='"$1" '$(no)'\n)`);
  });
});
