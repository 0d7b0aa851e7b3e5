import { locales } from '../i18n/locale.ts'
import { useLocale, useText } from '../i18n/provider.tsx'
import { IconButton } from '../kit/button.tsx'
import { Menu, MenuChoice } from '../kit/menu.tsx'
import { useChooseLocale } from './choose-locale.ts'
import { densities, prefer, themes, usePreferences } from './preferences.ts'

/** Theme, language and, inside the frame, row height, as small menus. */
export function DisplaySwitches({ outside = false }: { outside?: boolean }) {
  const t = useText()
  const { theme, density } = usePreferences()
  const { locale } = useLocale()
  const chooseLocale = useChooseLocale()
  return (
    <>
      <Menu trigger={<IconButton icon={theme === 'dark' ? 'moon' : 'sun'} label={t('frame.theme.label')} />}>
        <MenuChoice
          label={t('frame.theme.label')}
          value={theme}
          options={themes.map(value => ({ value, label: t(`frame.theme.${value}`) }))}
          onChange={next => prefer({ theme: next })}
        />
      </Menu>
      <Menu trigger={<IconButton icon="globe" label={t('frame.language.label')} />}>
        <MenuChoice
          label={t('frame.language.label')}
          value={locale}
          options={locales.map(value => ({ value, label: t(`frame.language.${value}`) }))}
          onChange={chooseLocale}
        />
      </Menu>
      {!outside && (
        <span className="f-wide">
          <Menu trigger={<IconButton icon="rows" label={t('frame.density.label')} />}>
            <MenuChoice
              label={t('frame.density.label')}
              value={density}
              options={densities.map(value => ({ value, label: t(`frame.density.${value}`) }))}
              onChange={next => prefer({ density: next })}
            />
          </Menu>
        </span>
      )}
    </>
  )
}
