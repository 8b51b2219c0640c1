/** The names that the API shows, for tests that compare them with those of others. */
export { allFeedTypes, logTypes } from '../../src/events/feed-types.js';
export { problemCodes } from '../../src/http/problem-codes.js';
