import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { formatNames } from '../../src/report/format.ts';
import { validateSarif } from '../report/sarif-schema.ts';
import { serve } from './service.ts';
import { sites } from './workplace.ts';

/** The action as GitHub's runner starts it: inputs in the environment, files for commands, in a workspace. */

const bundle = join(process.cwd(), 'action/index.cjs');
const action: { readonly inputs: Readonly<Record<string, { readonly default?: string }>> } = parse(
  readFileSync('action.yml', 'utf8'),
);

let folder = '';
let workspace = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'vyos-ipsec-lint-action-')));
  workspace = join(folder, 'network');
  write('dumps/hq.conf', sites.a);
  write('dumps/branch.conf', sites.b);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  const file = join(workspace, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function git(...args: readonly string[]): void {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', [...identity, ...args], { cwd: workspace, stdio: 'pipe', env });
}

function commit(message: string): void {
  git('add', '--all');
  git('commit', '--quiet', '-m', message);
}

/** What a workflow has under `with`. */
type With = Readonly<Record<string, string>>;

interface Step {
  readonly status: number | null;
  readonly log: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The annotations of a level, each with its properties and text as the runner decodes them. */
  readonly annotations: (level: 'error' | 'warning' | 'notice') => readonly Annotation[];
}

interface Annotation {
  readonly properties: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The step of a job, with the defaults of action.yml; with arguments for Node in a process of its own, by the bundle. */
function step(given: With, more: Readonly<Record<string, string>> = {}, node?: readonly string[]): Step {
  const outputFile = join(folder, 'output');
  const summaryFile = join(folder, 'summary');
  for (const file of [outputFile, summaryFile]) writeFileSync(file, '');
  const inputs = Object.entries(action.inputs).map(([name, { default: usual = '' }]) => [
    `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
    given[name] ?? usual,
  ]);
  const env = {
    ...Object.fromEntries(inputs),
    GITHUB_ACTIONS: 'true',
    CI: 'true',
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: outputFile,
    GITHUB_STEP_SUMMARY: summaryFile,
    ...more,
  };
  const { status, stdout, stderr } =
    node === undefined
      ? serve({ program: 'action', args: [], cwd: workspace, env })
      : spawnSync(process.execPath, [...node, bundle], { encoding: 'utf8', cwd: workspace, env });
  return {
    status,
    log: stdout,
    stderr,
    outputs: outputsOf(readFileSync(outputFile, 'utf8')),
    summary: readFileSync(summaryFile, 'utf8'),
    annotations: (level) => annotationsOf(stdout, level),
  };
}

/** Reads `$GITHUB_OUTPUT` as the runner does. */
function outputsOf(file: string): Readonly<Record<string, string>> {
  const lines = file.split('\n');
  const found: Record<string, string> = {};
  while (lines.length > 1) {
    const [, name = '', delimiter = ''] = /^([^=<]+)<<(.+)$/.exec(lines.shift() ?? '') ?? [];
    expect(name).not.toBe('');
    const end = lines.indexOf(delimiter);
    expect(end).toBeGreaterThanOrEqual(0);
    found[name] = lines.splice(0, end).join('\n');
    lines.shift();
  }
  return found;
}

function annotationsOf(log: string, level: string): readonly Annotation[] {
  const decoded = (text: string) =>
    text
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%0A', '\n')
      .replaceAll('%0D', '\r')
      .replaceAll('%25', '%');
  return [...log.matchAll(new RegExp(`^::${level} (.*?)::(.*)$`, 'gm'))].map(
    ([, properties = '', text = '']) => ({
      properties: Object.fromEntries(
        properties.split(',').map((pair) => {
          const [name = '', ...value] = pair.split('=');
          return [name, decoded(value.join('='))];
        }),
      ),
      text: decoded(text),
    }),
  );
}

/** Every format but the one for the log, each to a file; and what is in these. */
const toFiles = formatNames.filter((name) => name !== 'github').map((name) => `${name}:out.${name}`);
const inFiles = () =>
  toFiles.map((line) => readFileSync(join(workspace, line.slice(line.indexOf(':') + 1)), 'utf8'));

const configuration = 'vyos-ipsec-lint.config.yaml';
const pair = { files: 'dumps/hq.conf\ndumps/branch.conf' };
const clean = {
  errors: '0',
  warnings: '0',
  infos: '0',
  suppressed: '0',
  links: '1',
  'unpaired-peers': '0',
  sarif: '',
  'exit-code': '0',
};
const failed = Object.fromEntries(Object.keys(clean).map((name) => [name, name === 'exit-code' ? '2' : '']));
const lighter = `${sites.b}set vpn ipsec esp-group ESP-A lifetime '1800'\n`;

describe('a step', () => {
  test('of a clean pair', () => {
    const { status, log, stderr, outputs, summary } = step(pair);
    expect({ status, log, stderr }).toEqual({ status: 0, log: 'no findings in 1 link\n', stderr: '' });
    expect(outputs).toEqual(clean);
    expect(summary).toContain('no findings in 1 link');
  });

  test('of a broken pair: an annotation on the line, the table in the summary, the counts', () => {
    write('dumps/branch.conf', sites.bad);
    const { status, annotations, outputs, summary } = step(pair);
    const line = sites.a.split('\n').findIndex((text) => text.includes(' dh-group ')) + 1;
    expect(annotations('error')).toEqual([
      {
        properties: expect.objectContaining({
          file: 'dumps/hq.conf',
          line: String(line),
          title: 'vyos-ipsec-lint: ike-dh-group-mismatch',
        }),
        text: expect.stringContaining('dumps/branch.conf:'),
      },
    ]);
    expect(summary).toContain('ike-dh-group-mismatch');
    expect(outputs).toEqual({ ...clean, errors: '1', 'exit-code': '1' });
    expect(status).toBe(1);
  });

  test('of a pair with a warning fails where it is asked to', () => {
    write('dumps/branch.conf', lighter);
    expect(step(pair)).toMatchObject({ status: 0, outputs: { warnings: '1', 'exit-code': '0' } });
    expect(step({ ...pair, 'fail-on': 'warning' })).toMatchObject({
      status: 1,
      outputs: { warnings: '1', 'exit-code': '1' },
    });
  });

  test('that is quiet shows less and counts the same', () => {
    write('dumps/branch.conf', lighter);
    const { annotations, outputs, log, summary } = step({ ...pair, quiet: 'true' });
    expect(annotations('warning')).toEqual([]);
    expect(outputs.warnings).toBe('1');
    expect({ log, summary }).toEqual({ log: '', summary: '' });
  });

  test('with a baseline', () => {
    write('dumps/branch.conf', sites.bad);
    const { results } = JSON.parse(step({ ...pair, format: 'sarif' }).log).runs[0];
    const [fingerprint] = Object.values(results[0].partialFingerprints);
    write('known.json', JSON.stringify({ schemaVersion: 1, findings: [{ fingerprint }] }));
    expect(step({ ...pair, baseline: 'known.json' })).toMatchObject({
      status: 0,
      outputs: { errors: '0', suppressed: '1' },
    });
  });

  test('with the debug switch tells who faces whom', () => {
    expect(step(pair, { RUNNER_DEBUG: '1' }).stderr).toContain(
      'peer SITE-B of hq faces peer SITE-A of branch',
    );
  });

  test('of syntax errors has its counts, and exit code 2', () => {
    write('dumps/branch.conf', `${sites.b}set vpn 'ipsec\n`);
    const { status, outputs } = step(pair);
    expect(outputs).toMatchObject({ links: '1', 'exit-code': '2' });
    expect(status).toBe(2);
  });
});

describe('files', () => {
  test('patterns are expanded', () => {
    write('dumps/branch.conf', sites.bad);
    write('dumps/lab.conf', 'no dump');
    const { outputs, annotations } = step({ files: '**/*.conf\n!dumps/lab*' });
    expect(annotations('error').map(({ properties }) => properties.file)).toEqual(['dumps/branch.conf']);
    expect(outputs).toMatchObject({ errors: '1', links: '1' });
  });

  test('a name with blanks, and one that looks like a pattern', () => {
    write('dumps/our hq.conf', sites.a);
    write('dumps/[branch].conf', sites.bad);
    const { outputs } = step({ files: 'dumps/our hq.conf\ndumps/[branch].conf' });
    expect(outputs).toMatchObject({ errors: '1', links: '1' });
  });

  test('in a working directory: names are relative to it, annotations to the repository', () => {
    write('dumps/branch.conf', sites.bad);
    const { outputs, annotations } = step({
      'working-directory': 'dumps',
      files: '*.conf',
      sarif: 'out.sarif',
    });
    expect(annotations('error').map(({ properties }) => properties.file)).toEqual(['dumps/branch.conf']);
    expect(outputs.sarif).toBe('dumps/out.sarif');
  });
});

describe('the configuration', () => {
  const network = 'sites:\n  - file: dumps/*.conf\n';
  beforeEach(() => {
    const spoke = sites.a.match(/^set vpn ipsec site-to-site peer SITE-B .*$/gm)?.join('\n') ?? '';
    const toSpoke = spoke.replaceAll('SITE-B', 'SITE-C').replaceAll('198.51.100.1', '198.51.100.9');
    write(configuration, network);
    write('dumps/hq.conf', `${sites.a}${toSpoke}\n`);
    write('dumps/spoke.conf', sites.b.replaceAll('198.51.100.1', '198.51.100.9'));
  });

  test('names the sites', () => {
    write('dumps/branch.conf', sites.bad);
    expect(step({})).toMatchObject({ status: 1, outputs: { links: '2', errors: '1' } });
    expect(step({ config: configuration })).toMatchObject({ status: 1, outputs: { links: '2' } });
  });

  test('can be left out', () => {
    write(configuration, `${network}rules:\n  ike-dh-group-mismatch: off\n`);
    write('dumps/branch.conf', sites.bad);
    expect(step(pair).outputs.errors).toBe('0');
    expect(step({ ...pair, config: 'false' }).outputs.errors).toBe('1');
  });

  test('a mistake in it is annotated on its line', () => {
    write(configuration, 'sites:\n  - fil: dumps/*.conf\n');
    const { annotations, outputs, status } = step({});
    expect(annotations('error')).toContainEqual({
      properties: { title: 'vyos-ipsec-lint', file: configuration, line: '2', col: '5' },
      text: expect.stringContaining('there is no key "fil" here; did you mean "file"?'),
    });
    expect(outputs).toEqual(failed);
    expect(status).toBe(2);
  });

  test.each([
    ['a name', 'dumps/spoke.conf', '1', '0'],
    ['another', 'dumps/branch.conf', '1', '1'],
    ['an array', '["dumps/spoke.conf","README.md"]', '1', '0'],
    ['an empty array', '[]', '0', '0'],
    ['nothing', '', '2', '1'],
    ['the configuration', `dumps/spoke.conf\n${configuration}`, '2', '1'],
  ])('changed: %s', (_, changed, links, errors) => {
    write('dumps/branch.conf', sites.bad);
    const { outputs, status } = step({ changed });
    expect(outputs).toMatchObject({ links, errors });
    expect(status).toBe(errors === '0' ? 0 : 1);
  });

  test('changed: the finding is shown in the file that changed, which git names from the root', () => {
    write('dumps/branch.conf', sites.bad);
    const { annotations } = step({
      changed: 'dumps/branch.conf',
      'working-directory': 'dumps',
      config: `../${configuration}`,
    });
    expect(annotations('error').map(({ properties }) => properties.file)).toEqual(['dumps/branch.conf']);
  });

  test('changed: the step of docs/github-workflow.yml finds what a pull request changes', () => {
    const { jobs } = parse(readFileSync(join(dirname(bundle), '../docs/github-workflow.yml'), 'utf8'));
    const { run, shell } = jobs.tunnels.steps.find(({ id }: { id?: string }) => id === 'changed');
    expect(shell).toBe('bash');
    git('init', '--quiet', '--initial-branch=main');
    commit('clean');
    git('checkout', '--quiet', '-b', 'topic');
    write('dumps/branch.conf', sites.bad);
    write('dumps/with "quotes"\nand a line.txt', 'odd');
    write('--args', 'odder');
    commit('broken');
    git('checkout', '--quiet', 'main');
    git('merge', '--quiet', '--no-ff', '-m', 'as actions/checkout has it', 'topic');
    const output = join(folder, 'changed');
    writeFileSync(output, '');
    // How the runner starts a shell of this name.
    execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      cwd: workspace,
      env: { PATH: process.env.PATH, GITHUB_OUTPUT: output },
    });
    const changed = /^files=(.*)\n$/.exec(readFileSync(output, 'utf8'))?.[1] ?? '';
    expect(JSON.parse(changed)).toEqual([
      '--args',
      'dumps/branch.conf',
      'dumps/with "quotes"\nand a line.txt',
    ]);
    expect(step({ changed })).toMatchObject({ status: 1, outputs: { links: '1', errors: '1' } });
  });
});

describe('reports', () => {
  const read = (name: string) => readFileSync(join(workspace, name), 'utf8');

  test('SARIF is written besides the annotations', () => {
    write('dumps/branch.conf', sites.bad);
    const { annotations, outputs } = step({ ...pair, sarif: 'ipsec.sarif' });
    expect(annotations('error')).toHaveLength(1);
    expect(outputs.sarif).toBe('ipsec.sarif');
    const document = JSON.parse(read('ipsec.sarif'));
    validateSarif(document);
    expect(validateSarif.errors).toBeNull();
    const [{ artifactLocation }] = document.runs[0].results[0].locations.map(
      ({ physicalLocation }: { physicalLocation: unknown }) => physicalLocation,
    );
    expect(artifactLocation.uri).toBe('dumps/hq.conf');
  });

  test('SARIF out of the repository has its whole path; none that could not be written is named', () => {
    const path = join(folder, 'ipsec.sarif');
    expect(step({ ...pair, sarif: path }).outputs.sarif).toBe(path);
    const { status, outputs, annotations } = step({ ...pair, sarif: 'gone/ipsec.sarif' });
    expect(annotations('error').map(({ text }) => text)).toEqual([
      'gone/ipsec.sarif: cannot be written: its folder is not there',
    ]);
    expect(outputs).toEqual(failed);
    expect(status).toBe(2);
  });

  test('more formats go to files', () => {
    write('dumps/branch.conf', sites.bad);
    const { log, summary } = step({ ...pair, format: 'concise\njunit: report.xml\nmarkdown:comment.md' });
    expect(log).toMatch(/^dumps\/.*ike-dh-group-mismatch/m);
    expect(log).not.toMatch(/^::/m);
    expect(summary).toBe('');
    expect(read('report.xml')).toContain('<testsuites');
    expect(read('comment.md')).toContain('ike-dh-group-mismatch');
  });

  test('a log shows colours, unless they are not wanted; a file has none', () => {
    write('dumps/branch.conf', sites.bad);
    const given = { ...pair, format: 'pretty\nconcise:lines.txt' };
    expect(step(given).log).toContain('\u001b[');
    expect(step(given, { NO_COLOR: '1' }).log).not.toContain('\u001b[');
    expect(read('lines.txt')).not.toContain('\u001b[');
  });
});

describe('what is wrong is told in annotations', () => {
  test('wrong inputs with their names, all at once', () => {
    const { annotations, outputs, status, stderr } = step({ ...pair, 'fail-on': 'severe', quiet: 'yes' });
    expect(annotations('error')).toEqual([
      {
        properties: { title: 'vyos-ipsec-lint: input fail-on' },
        text: 'fail-on: is one of error, warning, info, and not "severe"',
      },
      {
        properties: { title: 'vyos-ipsec-lint: input quiet' },
        text: 'quiet: is true or false, and not "yes"',
      },
    ]);
    expect(outputs).toEqual(failed);
    expect(stderr).toBe('');
    expect(status).toBe(2);
  });

  test('a working directory that is not there', () => {
    const { annotations, outputs } = step({ 'working-directory': 'network' });
    expect(annotations('error').map(({ text }) => text)).toEqual([
      'working-directory: network: no such folder',
    ]);
    expect(outputs).toEqual(failed);
  });

  test.each<readonly [string, With, RegExp]>([
    ['no file at all', {}, /no file was named/],
    ['a file that is not there', { files: 'dumps/hq.conf\ngone.conf' }, /^gone\.conf: no such file$/],
    ['no sites', { changed: '[]' }, /no configuration was found/],
    ['a file that is no dump', { files: 'dumps/hq.conf\nnotes' }, /notes: not one command of VyOS/],
  ])('%s', (_, given, message) => {
    write('notes', 'buy milk\n');
    const { annotations, status } = step(given);
    expect(annotations('error').map(({ text }) => text)).toEqual(
      expect.arrayContaining([expect.stringMatching(message)]),
    );
    expect(status).toBe(2);
  });
});

describe('hostile', () => {
  const commands = ['::error::pwned', '::set-output name=errors::0', '##[error]pwned', '%0A::warning::pwned'];

  test('values and comments of a dump are inert in every format', () => {
    const lines = commands.map(
      (text, index) =>
        `set vpn ipsec ike-group 'IKE-A' proposal ${index + 2} encryption '${text}'\n${text}\n# ${text}\n`,
    );
    write('dumps/branch.conf', `${sites.bad}${lines.join('')}`);
    const { log, stderr, summary, outputs } = step({ ...pair, format: ['github', ...toFiles].join('\n') });
    const commanding = (text: string) => text.split(/\r\n|[\r\n]/).filter((line) => /^\s*::|##\[/.test(line));
    for (const text of [stderr, summary, ...inFiles()]) expect(commanding(text)).toEqual([]);
    const ours = /^::(?:error|warning|notice) (?:file=[^:]*,)?title=vyos-ipsec-lint[^:]*::/;
    expect(commanding(log).filter((line) => !ours.test(line))).toEqual([]);
    expect(commanding(log).join('\n')).toContain('pwned');
    expect(Object.keys(outputs)).toEqual(Object.keys(clean));
    expect(Number(outputs.errors)).toBeGreaterThan(commands.length);
  });

  test('names of files are inert, in annotations and outputs', () => {
    const name = 'x\n::error::pwned\nerrors=0\r,line=1.conf';
    write(`dumps/${name}`, sites.bad);
    const sarif = 'y\nghadelimiter\nerrors=7.sarif';
    const { log, outputs, annotations, summary } = step({
      files: JSON.stringify(['dumps/hq.conf', `dumps/${name}`]),
      sarif,
    });
    expect(log.split('\n').filter((line) => line.startsWith('::error::'))).toEqual([]);
    expect(annotations('error')).toHaveLength(1);
    expect(summary).not.toMatch(/^::error::/m);
    expect(outputs).toEqual({ ...clean, errors: '1', sarif, 'exit-code': '1' });
  });

  test('so are those that cannot be read, and inputs', () => {
    const { log } = step({ files: JSON.stringify(['a\n::error::pwned', 'b\r::error::pwned']) });
    expect(log).toMatch(/no such file/);
    expect(log).not.toMatch(/(?:^|[\r\n])::error::/);
    const other = step({ ...pair, 'fail-on': '%0A\n::error::pwned' });
    expect(other.log).not.toMatch(/(?:^|[\r\n])::error::/);
    expect(other.annotations('error')).toHaveLength(1);
  });
});

describe('what it touches', () => {
  test('no secret is in the log, the summary, the outputs or a file', () => {
    const own = 's3cr3t-of-the-branch';
    write('dumps/branch.conf', sites.b.replace("secret 'an-example-secret-for-the-docs'", `secret '${own}'`));
    const { log, stderr, outputs, summary } = step(
      { ...pair, format: ['github', ...toFiles].join('\n') },
      { RUNNER_DEBUG: '1' },
    );
    for (const text of [log, ...inFiles()]) expect(text).toContain('psk-mismatch');
    const texts = [log, stderr, summary, JSON.stringify(outputs), ...inFiles()];
    for (const text of texts) expect(text).not.toMatch(/s3cr3t|an-example-secret/);
  });

  test('it reads nothing of the environment but what docs/github-action.md names', () => {
    write(configuration, 'sites:\n  - file: dumps/*.conf\n');
    const seen = join(folder, 'seen');
    const spy = join(folder, 'spy.cjs');
    writeFileSync(
      spy,
      `const seen = new Set();
      const note = (name) => seen.add(String(name));
      const env = new Proxy(process.env, {
        get: (own, name) => (note(name), own[name]),
        has: (own, name) => (note(name), name in own),
        ownKeys: (own) => (note('all of them'), Reflect.ownKeys(own)),
      });
      Object.defineProperty(process, 'env', { value: env });
      process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(seen)}, [...seen].join('\\n')));`,
    );
    const { outputs } = step({ sarif: 'x.sarif' }, { GITHUB_TOKEN: 'token' }, ['--require', spy]);
    expect(outputs.links).toBe('1');
    const page = readFileSync('docs/github-action.md', 'utf8');
    // Switches of packages that are in the bundle: chalk, tinyglobby, yaml.
    const switches = ['TF_BUILD', 'TINYGLOBBY_DEBUG', 'LOG_STREAM', 'LOG_TOKENS'];
    const inputs = Object.keys(action.inputs).map((name) => `INPUT_${name.toUpperCase()}`);
    const undocumented = readFileSync(seen, 'utf8')
      .split('\n')
      .filter((name) => !inputs.includes(name) && !switches.includes(name) && !page.includes(`\`${name}\``));
    expect(undocumented).toEqual([]);
  });

  test('without the files of the runner it runs all the same, and says when one cannot be written', () => {
    write('dumps/branch.conf', sites.bad);
    const { status, outputs } = step(pair, { GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '' });
    expect(status).toBe(1);
    expect(outputs).toEqual({});
    const { annotations, status: other } = step(pair, { GITHUB_OUTPUT: join(folder, 'gone', 'output') });
    expect(annotations('error').at(-1)?.text).toMatch(/output: cannot be written: its folder is not there$/);
    expect(other).toBe(2);
  });
});
