export { ApiSettings } from '@keytrail/platform';
