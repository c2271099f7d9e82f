// Names, surnames, streets and companies per language from @faker-js/faker (MIT).
// Usage: npm install --no-save @faker-js/faker@10.6.0 && node names.mjs > $SOTTO_TRAINING_WORK/names.json
import { fakerDE, fakerEN_GB, fakerEN_US, fakerFR, fakerIT, fakerNL, fakerNL_BE } from "@faker-js/faker";

const locales = { nl: [fakerNL, fakerNL_BE], en: [fakerEN_GB, fakerEN_US], de: [fakerDE], fr: [fakerFR], it: [fakerIT] };
const draws = 4000;
const kept = 2500;

const result = {};
for (const [language, fakers] of Object.entries(locales)) {
  const sets = { first: new Set(), last: new Set(), street: new Set(), place: new Set(), company: new Set() };
  for (const faker of fakers) {
    faker.seed(1);
    for (let i = 0; i < draws; i++) {
      sets.first.add(faker.person.firstName());
      sets.last.add(faker.person.lastName());
      sets.street.add(faker.location.street());
      sets.place.add(faker.location.city());
      sets.company.add(faker.company.name());
    }
  }
  result[language] = Object.fromEntries(Object.entries(sets).map(([key, set]) => [key, [...set].slice(0, kept)]));
}
process.stdout.write(JSON.stringify(result));
