/**
 * What a run of the tests came to: `node test-results.mjs <Jest's report> <its output> <its exit status>` prints how many passed and how many
 * failed, and on the error output what failed and why. A suite that does not load, or whose hooks fail, counts as one; so does a run that ends badly otherwise.
 */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [report, log, status] = process.argv.slice(2);
const firstLines = (text, count) => text.trim().split('\n').slice(0, count);
const lastLines = (text, count) => text.trim().split('\n').slice(-count);

function read() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch (error) {
    return { numPassedTests: 0, testResults: [], unread: error.message };
  }
}

const { numPassedTests, testResults, unread } = read();
const failures = testResults
  .filter((suite) => suite.status === 'failed')
  .flatMap((suite) => {
    const name = relative(process.cwd(), suite.name);
    const failed = suite.assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0) return [[`${name} (the suite itself)`, ...firstLines(suite.message, 12)]];
    return failed.map((test) => [
      `${name}: ${test.fullName}`,
      ...firstLines(test.failureMessages.join('\n'), 12),
    ]);
  });
if (failures.length === 0 && status !== '0') {
  const why = unread ? [`no report: ${unread}`] : [];
  failures.push([`npm test ended with ${status}`, ...why, ...lastLines(readFileSync(log, 'utf8'), 40)]);
}

console.log(`${numPassedTests} ${failures.length}`);
for (const [what, ...why] of failures) console.error([`  - tests: ${what}`, ...why].join('\n      '));
