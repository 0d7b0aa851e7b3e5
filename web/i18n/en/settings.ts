export const settings = {
  'nav.label': 'Settings',
  'nav.account': 'Your account',
  'nav.company': 'Company',
  'nav.operation': 'Operation',
  'nav.profile': 'Profile',
  'nav.security': 'Security',
  save: 'Save',
  saved: 'Saved',
}
