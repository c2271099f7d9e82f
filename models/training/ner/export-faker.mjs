// Writes the names and streets of the npm package @faker-js/faker (MIT) as JSON.
// node export-faker.mjs <folder with node_modules/@faker-js/faker or an unpacked package> <out.json>
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [packageFolder, out] = process.argv.slice(2);
const faker = await import(pathToFileURL(`${packageFolder}/dist/index.js`).href);
const locales = ['nl', 'nl_BE', 'de', 'de_AT', 'de_CH', 'fr', 'fr_BE', 'fr_CH', 'it', 'en', 'en_GB', 'en_US'];
writeFileSync(out, JSON.stringify(Object.fromEntries(locales.map((locale) => [locale, faker[locale]]))));
