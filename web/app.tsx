import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { carry } from './api/client.ts'
import { queries } from './api/hooks.ts'
import type { Locale } from './i18n/locale.ts'
import { LocaleProvider, useLocale } from './i18n/provider.tsx'
import type { Messages } from './i18n/text.ts'
import { Toaster } from './kit/toast.tsx'
import { TooltipProvider } from './kit/tooltip.tsx'
import { router } from './router.tsx'

/** The application with all it hangs on: language, cache, tooltips, toasts, screens. */
export function App({ locale, messages }: { locale: Locale; messages: Messages }) {
  return (
    <LocaleProvider locale={locale} messages={messages}>
      <CarryLocale />
      <QueryClientProvider client={queries}>
        <TooltipProvider>
          <RouterProvider router={router} />
          <Toaster />
        </TooltipProvider>
      </QueryClientProvider>
    </LocaleProvider>
  )
}

/** The server answers in the language of the page. */
function CarryLocale() {
  carry({ locale: useLocale().locale })
  return null
}
