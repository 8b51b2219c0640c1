import './styles/index.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.js';
import { cleanAddress } from './app/clean-address.js';
import { createPages } from './app/router.js';
import { forgetEndedSessions } from './app/shown-session.js';
import { speakKnownLanguage } from './ui/language.js';
import { applyTheme } from './ui/theme.js';

cleanAddress();
speakKnownLanguage();
applyTheme();

const element = document.getElementById('root');
if (element === null) throw new Error('index.html has no #root');
const root = createRoot(element);
root.render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={createPages()} />
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);

forgetEndedSessions(() => {
  root.unmount();
});
