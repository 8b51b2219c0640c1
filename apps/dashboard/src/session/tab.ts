/** Says in this tab's own storage that it has shown a session, so that its end can be explained. */
const MARK = 'keytrail.session';

export const markSessionShown = (): void => {
  sessionStorage.setItem(MARK, 'shown');
};

export const forgetSessionShown = (): void => {
  sessionStorage.removeItem(MARK);
};

/** Whether this tab showed a session that its person did not end here. */
export const wasSessionShown = (): boolean => sessionStorage.getItem(MARK) !== null;
