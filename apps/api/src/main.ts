import '@keytrail/platform';
