-- For conform.nvim, which looks here for formatters: formatters_by_ft = { dockerfile = { 'dockfix' } }
return {
  command = 'dockfix',
  args = require('dockfix.cli').fix_args('$FILENAME'),
  stdin = true,
}
