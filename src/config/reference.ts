import { CONFIG_SECTIONS, type ConfigKey } from './keys.ts';

/** docs/configuration.md: every key with its values, default and unit. */
export function configReference(): string {
  return `${[INTRODUCTION, ...CONFIG_SECTIONS.map(sectionPage)].join('\n\n')}\n`;
}

const INTRODUCTION = `# Configuration

<!-- Generated: \`npm run -s docs\` writes this page from src/config/schema.ts. -->

Sotto reads one YAML file (\`--config FILE\`, or the variable \`SOTTO_CONFIG\`); every key has a default, so none is
needed. Each key can be set by an environment variable too, which wins over the file: lists are separated by
commas, maps are written \`PERSON=mask,HEALTH=mask\`, an empty variable counts as unset. Unknown keys and variables
are refused, with the name that was probably meant. \`sotto config\` prints what is in force.

Relative paths are taken from the folder of the file that names them, those of variables from the working
directory, those of defaults from the package.

Keys that ask for what Sotto refuses by design (emotion, prosody, stress, voice biometrics and the like) stop the
start with that reason.

\`\`\`yaml
server:
  host: 0.0.0.0
  tls:
    certFile: tls/server.pem
    keyFile: tls/server.key
    clientCaFile: tls/clients.pem
recognition:
  languages: [nl, en]
redaction:
  operators: { LOCATION: mask }
\`\`\``;

function sectionPage({ name, description, keys }: (typeof CONFIG_SECTIONS)[number]): string {
  const rows = keys.map(
    (key) =>
      `| \`${key.path}\` | ${key.description} | ${key.values} | ${defaultOf(key)} | ${key.unit ?? ''} | \`${key.variable}\` |`,
  );
  return [
    `## ${name}`,
    '',
    description,
    '',
    '| Key | What it does | Values | Default | Unit | Variable |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function defaultOf(key: ConfigKey): string {
  if (key.default === undefined) return 'none';
  return `\`${typeof key.default === 'string' ? key.default : JSON.stringify(key.default)}\``;
}
