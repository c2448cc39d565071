import { subjectNames } from '../explain/subject.ts';
import { notifyTypes } from '../ike/notify.ts';
import type { Rule } from '../lint/rule.ts';
import {
  type CommandSpec,
  commandSpecs,
  generalOptions,
  globalOptions,
  namesCommand,
  type OptionSpec,
  type Shell,
  shells,
} from './commands.ts';

/**
 * Shell completion. The scripts know nothing of commands and options: they ask the command that stands on the line, with
 * the hidden argument `__complete`, so that they are never out of step with it. (The completion of yargs looks at the
 * SHELL variable and not at the shell that asks, and offers no files beside its own words.)
 */

/** One word that may stand in the place of the last one. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Whether the name of a file may stand there, too. */
  readonly files: boolean;
}

/**
 * What `__complete` prints. The first line says whether the shell is to add files; each further one is a word, a tab and
 * what it is. `words` are those behind the command's name up to the one to complete; `formats` are those of the report.
 */
export function answerShell(
  words: readonly string[],
  formats: readonly string[],
  rules: readonly Pick<Rule, 'id' | 'summary'>[],
): string {
  const { candidates, files } = complete(words, commandSpecs(formats), rules);
  const lines = candidates.map(({ word, about }) => `${word}\t${about}`);
  return `${[files ? 'files' : 'words', ...lines].join('\n')}\n`;
}

/** What may be typed: `words` are those behind the command's name, of which the last is the one to complete, perhaps empty. */
export function complete(
  words: readonly string[],
  specs: readonly [CommandSpec, ...CommandSpec[]],
  rules: readonly Pick<Rule, 'id' | 'summary'>[],
): Completion {
  const { joined, split } = rejoined(words);
  const current = joined.at(-1) ?? '';
  const before = joined.slice(0, -1);
  const typed = operandsIn(before, specs);
  const spec = specs.find((each) => namesCommand(typed[0] ?? '', each)) ?? specs[0];
  const options = { ...spec.options, ...generalOptions };
  const starting = ({ candidates, files }: Completion, prefix = current): Completion => ({
    candidates: candidates.filter(({ word }) => word.startsWith(prefix)),
    files,
  });

  if (!before.includes('--')) {
    const [flag = '', ...value] = current.split('=');
    const assigned = value.length > 0 ? optionOf(flag, options) : undefined;
    if (assigned) {
      return starting(
        { candidates: choicesOf(assigned, split ? '' : `${flag}=`), files: assigned.file === true },
        split ? value.join('=') : current,
      );
    }
    const previous = optionOf(before.at(-1) ?? '', options);
    if (previous && !previous.flag) {
      return starting({ candidates: choicesOf(previous, ''), files: previous.file === true });
    }
    if (current.startsWith('-')) return starting({ candidates: optionNames(options, before), files: false });
  }
  return starting(operands(spec, typed, specs, rules));
}

/** The words that are neither options nor their values: the command, if it is named, is the first of them. */
function operandsIn(words: readonly string[], specs: readonly CommandSpec[]): readonly string[] {
  const options = Object.assign({}, globalOptions, ...specs.map((spec) => spec.options));
  return words.filter((word, index) => {
    const previous = optionOf(words[index - 1] ?? '', options);
    // A bare --color has no value.
    const { flag, choices, open } = previous ?? { flag: true };
    const isValue = !flag && (choices === undefined || open === true || choices.includes(word));
    return (!word.startsWith('-') || word === '--') && !isValue;
  });
}

/** Readline takes `--format=json` for three words. */
function rejoined(words: readonly string[]): { readonly joined: readonly string[]; readonly split: boolean } {
  const joined: string[] = [];
  let split = false;
  for (const [index, word] of words.entries()) {
    const last = joined.at(-1);
    const continues = last?.startsWith('--') && (word === '=' || words[index - 1] === '=');
    if (continues) joined[joined.length - 1] = `${last}${word}`;
    else joined.push(word);
    split = continues === true && index === words.length - 1;
  }
  return { joined, split };
}

function optionOf(word: string, options: Readonly<Record<string, OptionSpec>>): OptionSpec | undefined {
  return Object.entries(options).find(([name, { alias }]) => [`--${name}`, `-${alias}`].includes(word))?.[1];
}

function choicesOf({ choices = [], describe }: OptionSpec, prefix: string): readonly Candidate[] {
  return choices.map((choice) => ({ word: `${prefix}${choice}`, about: describe }));
}

function optionNames(
  options: Readonly<Record<string, OptionSpec>>,
  before: readonly string[],
): readonly Candidate[] {
  const given = new Set(before.map((word) => word.replace(/=.*/s, '')));
  return Object.entries(options)
    .filter(([name, { alias, repeated }]) => repeated || !(given.has(`--${name}`) || given.has(`-${alias}`)))
    .map(([name, { describe }]) => ({ word: `--${name}`, about: describe }));
}

function operands(
  spec: CommandSpec,
  before: readonly string[],
  specs: readonly CommandSpec[],
  rules: readonly Pick<Rule, 'id' | 'summary'>[],
): Completion {
  switch (spec.takes) {
    case 'files': {
      const commands = specs.flatMap(({ name, words = [], summary }) =>
        (name === null ? words : [name]).map((word) => ({ word, about: summary })),
      );
      return { candidates: before.length === 0 ? commands : [], files: true };
    }
    case 'subjects': {
      const summaries = new Map(rules.map(({ id, summary }) => [id, summary]));
      const names = subjectNames(rules).filter((name) => !before.includes(name));
      return {
        candidates: names.map((word) => ({ word, about: summaries.get(word) ?? aboutNotify(word) })),
        files: false,
      };
    }
    case 'shells': {
      const candidates =
        before.length === 1 ? shells.map((word) => ({ word, about: `the script for ${word}` })) : [];
      return { candidates, files: false };
    }
    case 'nothing':
      return { candidates: [], files: false };
  }
}

function aboutNotify(name: string): string {
  const code = Object.entries(notifyTypes).find(([notify]) => notify === name)?.[1].code;
  return `IKE error ${code}`;
}

/** The script that makes a shell ask. It needs bash 4, zsh 5 or fish 3. */
export function completionScript(shell: Shell): string {
  return scripts[shell];
}

const scripts: Readonly<Record<Shell, string>> = {
  bash: `# Completion of vyos-ipsec-lint for bash. In ~/.bashrc: eval "$(vyos-ipsec-lint completion bash)"
_vyos_ipsec_lint() {
  local line current="\${COMP_WORDS[COMP_CWORD]}"
  local -a lines
  COMPREPLY=()
  mapfile -t lines < <("$1" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  for line in "\${lines[@]:1}"; do COMPREPLY+=("\${line%%$'\\t'*}"); done
  [[ \${lines[0]-} == files ]] || return 0
  compopt -o default
  if ((\${#COMPREPLY[@]} > 0)); then
    compopt -o filenames
    mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -F _vyos_ipsec_lint vyos-ipsec-lint
`,
  zsh: `#compdef vyos-ipsec-lint
# Completion of vyos-ipsec-lint for zsh. In ~/.zshrc, after compinit: eval "$(vyos-ipsec-lint completion zsh)"
# It may also be kept as a file _vyos-ipsec-lint in a folder of $fpath.
_vyos-ipsec-lint() {
  local line
  local -a lines found
  local -i status_=1
  lines=("\${(@f)$("\${(Q)words[1]}" __complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "\${(@)lines[2,-1]}"; do
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#found )); then _describe -V vyos-ipsec-lint found && status_=0; fi
  if [[ $lines[1] == files ]]; then
    compset -P '--*='
    _files && status_=0
  fi
  return status_
}
if [[ $funcstack[1] == _vyos-ipsec-lint ]]; then
  _vyos-ipsec-lint "$@"
else
  compdef _vyos-ipsec-lint vyos-ipsec-lint
fi
`,
  fish: `# Completion of vyos-ipsec-lint for fish. In config.fish: vyos-ipsec-lint completion fish | source
function __vyos_ipsec_lint_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
    if test "$lines[1]" = files
        set -l option (string match -r -- '^--[^=]*=' "$current")
        for path in (__fish_complete_path (string replace -- "$option" '' "$current"))
            echo "$option$path"
        end
    end
    test (count $lines) -gt 1; and printf '%s\\n' $lines[2..-1]
end
complete -c vyos-ipsec-lint -f -a '(__vyos_ipsec_lint_complete)'
`,
};
