import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

/** The package as users get it: packed, and installed without a network into an empty project. */

let folder = '';
let installed = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-library-'));
  // Without scripts: `npm test` has built already, and other tests run what was built.
  npm(process.cwd(), 'pack', '--ignore-scripts', '--silent', '--pack-destination', folder);
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
  write('package.json', '{ "name": "consumer", "private": true }');
  npm(folder, 'install', '--offline', '--no-audit', '--no-fund', join(folder, tarball));
  installed = join(folder, 'node_modules/vyos-ipsec-lint');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function npm(cwd: string, ...args: readonly string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function write(name: string, content: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function node(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr };
}

function filesBelow(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted();
}

const dumps = (['a', 'b'] as const).map((side) => ({
  file: `${side}.conf`,
  text: readFileSync(`fixtures/pairs/rule-pfs-mismatch/${side}.conf`, 'utf8'),
}));
const expected = 'pfs-mismatch NO_PROPOSAL_CHOSEN a.conf:5:35\n';

/** What a user might write first, in any of the kinds of module that there are. */
const use = `
const report = lint(${JSON.stringify(dumps)});
const finding = report.findings.find(({ ruleId }) => ruleId === 'pfs-mismatch');
if (!finding) throw new Error('not found');
const [{ at }] = finding.locations;
const { line, column } = positionAt(at.file, at.start);
if (!formats.pretty(report, { color: false, width: 200 }).includes(finding.message)) throw new Error('not shown');
console.log(finding.ruleId, finding.ikeError?.notify, at.file.name + ':' + line + ':' + column);
`;

describe('what is in it', () => {
  test('the command and its chunks, the library and its types, the licenses, and nothing else', () => {
    expect(filesBelow(installed)).toEqual(
      [
        'LICENSE',
        'README.md',
        'package.json',
        'dist/THIRD-PARTY-LICENSES.txt',
        'dist/baseline.cjs',
        'dist/cli.cjs',
        'dist/completion.cjs',
        'dist/configuration.cjs',
        'dist/dumps-in.cjs',
        'dist/explain.cjs',
        'dist/fix.cjs',
        'dist/formats.cjs',
        'dist/help.cjs',
        'dist/hyperlinks.cjs',
        'dist/index.js',
        'dist/negotiate.cjs',
        'dist/options.cjs',
        'dist/told-releases.cjs',
        'dist/types/fix/plan.d.ts',
        'dist/types/ike/address.d.ts',
        'dist/types/ike/connection.d.ts',
        'dist/types/ike/identity.d.ts',
        'dist/types/ike/message.d.ts',
        'dist/types/ike/outcome.d.ts',
        'dist/types/ike/proposal.d.ts',
        'dist/types/ike/range.d.ts',
        'dist/types/ike/retransmission.d.ts',
        'dist/types/ike/secret.d.ts',
        'dist/types/ike/shared-key.d.ts',
        'dist/types/ike/swanctl-conf.d.ts',
        'dist/types/ike/timeline.d.ts',
        'dist/types/ike/traffic-selector.d.ts',
        'dist/types/ike/transform.d.ts',
        'dist/types/index.d.ts',
        'dist/types/lint/course.d.ts',
        'dist/types/lint/finding.d.ts',
        'dist/types/lint/report.d.ts',
        'dist/types/lint/settings.d.ts',
        'dist/types/pairing/expectation.d.ts',
        'dist/types/pairing/grounds.d.ts',
        'dist/types/pairing/knowledge.d.ts',
        'dist/types/report/checkstyle.d.ts',
        'dist/types/report/concise.d.ts',
        'dist/types/report/course-format.d.ts',
        'dist/types/report/course-formats.d.ts',
        'dist/types/report/format.d.ts',
        'dist/types/report/github.d.ts',
        'dist/types/report/gitlab.d.ts',
        'dist/types/report/index.d.ts',
        'dist/types/report/inert.d.ts',
        'dist/types/report/json.d.ts',
        'dist/types/report/junit.d.ts',
        'dist/types/report/markdown.d.ts',
        'dist/types/report/pretty.d.ts',
        'dist/types/report/sarif.d.ts',
        'dist/types/source/index.d.ts',
        'dist/types/strongswan/notation.d.ts',
        'dist/types/vyos/schema/node.d.ts',
        'dist/unpack.cjs',
        'dist/watch.cjs',
        'dist/write-files.cjs',
      ].toSorted(),
    );
  });

  test('no package is installed with it', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      'vyos-ipsec-lint',
    ]);
  });

  test('no file holds the address of a registry or the path of a machine', () => {
    const telling = filesBelow(installed).filter((file) =>
      /:\/\/[^\s"'/]*(?:registry|npmjs)|\/(?:home|Users|root|tmp)\/\w/.test(
        readFileSync(join(installed, file), 'utf8'),
      ),
    );
    expect(telling).toEqual([]);
  });

  test('every package that is bundled brings its license', () => {
    const text = readFileSync(join(installed, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    const titles = [...text.matchAll(/^(\S+ \S+ \([^)\n]+\))\n-+$/gm)].map(([, title]) => title);
    expect(titles).toEqual([...new Set(titles)].toSorted());
    const names = titles.map((title) => title?.split(' ')[0]);
    for (const name of ['chalk', 'chevrotain', 'ipaddr.js', 'yargs']) expect(names).toContain(name);
    // One grant or another stands under each.
    const parts = text.split(/^\S+ \S+ \([^)\n]+\)\n-+$/m).slice(1);
    expect(parts).toHaveLength(titles.length);
    for (const part of parts) expect(part).toMatch(/Permission (?:is hereby granted|to use)|Apache License/);
  });
});

describe('in JavaScript', () => {
  const names = '{ formats, lint, positionAt }';

  test('imported', () => {
    const file = write('use.mjs', `import ${names} from 'vyos-ipsec-lint';${use}`);
    expect(node(file)).toEqual({ status: 0, stdout: expected, stderr: '' });
  });

  test('required', () => {
    const file = write('use.cjs', `const ${names} = require('vyos-ipsec-lint');${use}`);
    expect(node('--disable-warning=ExperimentalWarning', file)).toEqual({
      status: 0,
      stdout: expected,
      stderr: '',
    });
  });

  test('it finds its package.json, and nothing that is not exported', () => {
    expect(node('-p', "require('vyos-ipsec-lint/package.json').name").stdout).toBe('vyos-ipsec-lint\n');
    expect(node('-e', "require('vyos-ipsec-lint/dist/cli.cjs')").stderr).toContain(
      'ERR_PACKAGE_PATH_NOT_EXPORTED',
    );
  });

  test('no text makes it throw', () => {
    const texts = ['', '\0', 'set vpn ipsec site-to-site peer', '{'.repeat(1000), "set \u{d800} '", 'vpn {'];
    const file = write(
      'hostile.mjs',
      `import { formats, lint, render } from 'vyos-ipsec-lint';
      for (const text of ${JSON.stringify(texts)}) {
        const report = lint([{ file: 'x', text }, { file: 'x', text }]);
        for (const format of Object.values(formats)) format(report, { color: true, width: 1 });
        render({ file: 'x', text });
      }
      lint([]);
      console.log('alive');`,
    );
    expect(node(file)).toEqual({ status: 0, stdout: 'alive\n', stderr: '' });
  });
});

describe('in TypeScript', () => {
  const source = `import { type Finding, formats, type Input, lint, type LintOptions, positionAt, type Report } from 'vyos-ipsec-lint';
    const options: LintOptions = { severities: { 'pfs-mismatch': 'warning' } };
    export const all = (inputs: readonly Input[]): Report => lint(inputs, options);
    export const first = ({ findings }: Report): Finding | undefined => findings[0];
    // @ts-expect-error A format is one of those that there are.
    formats.prety;
    // @ts-expect-error A dump has a text.
    all([{ file: 'a.conf' }]);
    // @ts-expect-error A report is not changed.
    all([]).findings = [];
    declare const console: { log(...values: unknown[]): void };
    ${use}`;

  test.each([
    ['nodenext, a module', { module: 'nodenext', moduleResolution: 'nodenext' }, 'use.mts'],
    ['nodenext, CommonJS', { module: 'nodenext', moduleResolution: 'nodenext' }, 'use.cts'],
    ['bundler', { module: 'esnext', moduleResolution: 'bundler' }, 'use.ts'],
  ])('%s', (_, resolution, name) => {
    const project = `ts-${name}`;
    write(`${project}/${name}`, source);
    write(
      `${project}/tsconfig.json`,
      JSON.stringify({
        compilerOptions: {
          ...resolution,
          target: 'es2022',
          lib: ['es2022'],
          types: [],
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          noEmit: true,
        },
        files: [name],
      }),
    );
    const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc');
    expect(node(tsc, '-p', project)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  /** Each name that the library exports, and the file that declares it. */
  const exported = (): readonly (readonly [name: string, file: string])[] => {
    const index = join(installed, 'dist/types/index.d.ts');
    const text = readFileSync(index, 'utf8');
    const own = [...text.matchAll(/^export (?:declare )?(?:interface|type|const|function) (\w+)/gm)];
    const others = [...text.matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)\.js';$/gm)];
    return [
      ...own.map(([, name = '']) => [name, index] as const),
      ...others.flatMap(([, names = '', path = '']) =>
        [...names.matchAll(/\w+/g)].map(
          ([name]) => [name, declaring(name, normalize(join(dirname(index), `${path}.d.ts`)))] as const,
        ),
      ),
    ];
  };

  function declaring(name: string, file: string): string {
    const passed = [
      ...readFileSync(file, 'utf8').matchAll(/^export (?:type )?\{([^}]*)\} from '([^']+)\.js';$/gm),
    ];
    const on = passed.find(([, names = '']) => names.match(/\w+/g)?.includes(name));
    return on ? declaring(name, join(dirname(file), `${on[2]}.d.ts`)) : file;
  }

  test('every exported name says what it is', () => {
    const names = exported();
    expect(names.map(([name]) => name)).toEqual(
      expect.arrayContaining(['lint', 'render', 'Report', 'positionAt']),
    );
    const silent = names.filter(
      ([name, file]) =>
        !new RegExp(`\\*/\\nexport (?:declare )?(?:interface|type|const|function) ${name}\\b`).test(
          readFileSync(file, 'utf8'),
        ),
    );
    expect(silent).toEqual([]);
  });
});

test('its command runs from there', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(npm(folder, 'exec', '--offline', '--', 'vyos-ipsec-lint', '--version')).toBe(`${version}\n`);
  expect(npm(folder, 'exec', '--offline', '--', 'vyos-ipsec-lint', 'explain', 'pfs-mismatch')).toContain(
    'How to mend it',
  );
});
