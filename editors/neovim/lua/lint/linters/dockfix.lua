-- For nvim-lint, which looks here for linters: linters_by_ft = { dockerfile = { 'dockfix' } }
local cli = require('dockfix.cli')
local file = function()
  return vim.api.nvim_buf_get_name(0)
end
return {
  name = 'dockfix',
  cmd = 'dockfix',
  stdin = true,
  args = cli.check_args(file),
  parser = cli.diagnostics,
}
