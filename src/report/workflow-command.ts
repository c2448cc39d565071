/** The properties of a workflow command, in the order in which they are written. */
export type CommandProperties = Readonly<Record<string, string | number>>;

/** A workflow command of GitHub on one line: `::error file=a.conf,line=3::text`, escaped as the runner reads it. */
export function workflowCommand(name: string, properties: CommandProperties, text: string): string {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  return `::${name} ${listed.join(',')}::${data(text)}`;
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
