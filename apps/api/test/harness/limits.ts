export { limits } from '../../src/http/limits.js';
export { timeBudget } from '../../src/http/time-budget.js';
