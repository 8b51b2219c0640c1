export { freePort } from '@keytrail/platform';
