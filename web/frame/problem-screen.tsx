import { Link, useRouter } from '@tanstack/react-router'
import { useText } from '../i18n/provider.tsx'
import { Button } from '../kit/button.tsx'
import { EmptyState } from '../kit/empty-state.tsx'
import { Page } from '../kit/layout.tsx'
import { SkeletonRows } from '../kit/skeleton.tsx'
import { Screen } from './screen.tsx'

/** Shown in place of a screen that broke. */
export function BrokenScreen({ reset }: { reset: () => void }) {
  const t = useText()
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <Screen title={t('frame.problem.title')}>
      <Page>
        <EmptyState
          title={t('frame.problem.title')}
          text={t('frame.problem.text')}
          actions={
            <Button kind="primary" icon="refresh" onClick={retry}>
              {t('frame.problem.retry')}
            </Button>
          }
        />
      </Page>
    </Screen>
  )
}

/** Shown at an address that leads nowhere. */
export function MissingScreen() {
  const t = useText()
  return (
    <Screen title={t('frame.missing.title')}>
      <Page>
        <EmptyState
          title={t('frame.missing.title')}
          text={t('frame.missing.text')}
          actions={
            <Link to="/" className="k-button" data-kind="primary">
              {t('frame.missing.home')}
            </Link>
          }
        />
      </Page>
    </Screen>
  )
}

/** Shown while a screen is on its way. */
export function WaitingScreen() {
  const t = useText()
  return (
    <main id="main" className="f-waiting" aria-busy="true">
      <p className="k-hidden" role="status">
        {t('frame.loading')}
      </p>
      <Page>
        <SkeletonRows rows={8} />
      </Page>
    </main>
  )
}
