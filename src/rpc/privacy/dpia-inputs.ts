/** Facts for a data protection impact assessment, GDPR Art. 35(7): description, necessity, risks, measures. */
import type { Policy, Purpose } from '../../policy/index.ts';
import { measures, period, type ServiceFacts } from './processing-record.ts';

export function dpiaInputs(policy: Policy, facts: ServiceFacts, at: Date): string {
  const purposes = Object.values(policy.purposes);
  return `# Facts for an impact assessment: telephone calls to redacted text

Made by Sotto ${facts.version} on ${at.toISOString().slice(0, 10)} from the policy with hash \`${policy.hash}\`. The
assessment is the controller's, who also knows how many persons are concerned and what they expect.

## Description (Art. 35(7)(a))

Audio of calls is decoded, recognised and redacted in memory, on this machine; text leaves only after redaction.
${facts.storage === 'none' ? 'Nothing is kept.' : 'What the purposes below allow is kept, encrypted, until it expires.'}

${facts.models.map(({ task, name }) => `- ${task}: ${name}`).join('\n')}

## Necessity and proportionality (Art. 35(7)(b))

${purposes.map(necessity).join('\n')}

## What may go wrong (Art. 35(7)(c))

| Risk | What limits it | What remains |
|---|---|---|
| An identifier is not recognised and stays in the text | several recognizers, conservative edges, text withheld when redaction fails | some leak: measured rates in docs/benchmarks.md; treat redacted text as personal data |
| Persons are recognised by what they tell | purposes, roles, retention, no linking unless a purpose says so | redaction is pseudonymisation (Art. 4(5)), not anonymisation |
| Employees are watched | agents are always [AGENT]; no emotion, tempo or other feature of the voice can be asked for | transcripts of few agents may still tell who spoke: sampling and removal of greetings and clock times |
| Keys and data are taken together | tenant keys apart from the data, a key per call, TLS and roles | whoever controls the machine controls both |
| Text is used for something else | purpose bound to every read; no path copies text or audio for training | what clients do with results is theirs to answer for |

## Measures (Art. 35(7)(d))

${measures(facts)
  .map((measure) => `- ${measure}`)
  .join('\n')}
`;
}

function necessity(purpose: Purpose): string {
  const { name, lawfulBases, retention, specialCategories, removeGreetings, removeClockTimes, sampling } =
    purpose;
  const kept =
    retention.transcriptMinutes === 0
      ? 'nothing is kept'
      : `transcripts for ${period(retention.transcriptMinutes)}, originals: ${period(retention.vaultMinutes)}`;
  return (
    `- **${name}** (${lawfulBases.join(', ')}): ${kept}; ${sampling.rate * 100} % of calls; health statements: ` +
    `${specialCategories}; greetings ${removeGreetings ? 'removed' : 'stay'}, clock times ` +
    `${removeClockTimes ? 'removed' : 'stay'}`
  );
}
