--- `:checkhealth dockfix`
local M = {}

local health = vim.health

--- Other servers for Dockerfiles, by the names that they have in nvim-lspconfig.
local others = { 'dockerls', 'docker_language_server', 'tally' }

---@return string[] cmd
local function command()
  local set = vim.lsp.enable and vim.lsp.config.dockfix or require('dockfix').config()
  return type(set.cmd) == 'table' and set.cmd or { 'dockfix' }
end

local function check_program()
  local program = command()[1]
  local path = vim.fn.exepath(program)
  if path == '' then
    health.error(('`%s` is not found'):format(program), {
      'Install it (cargo install --locked --path . in its repository), and see that PATH names its folder',
      "or name it: require('dockfix').setup({ lsp = { cmd = { '/where/it/is/dockfix', 'lsp' } } })",
    })
    return
  end
  local ran, result = pcall(function()
    return vim.system({ path, '--version' }, { text = true }):wait(5000)
  end)
  if ran and result.code == 0 then
    health.ok(('%s: %s'):format(vim.trim(result.stdout), path))
  else
    health.error(('%s does not run'):format(path), { ran and vim.trim(result.stderr or '') or tostring(result) })
  end
end

local function check_clients()
  local clients = vim.lsp.get_clients({ name = 'dockfix' })
  for _, client in ipairs(clients) do
    local buffers = vim.tbl_map(function(buffer)
      return vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':~:.')
    end, vim.tbl_keys(client.attached_buffers))
    local root = client.config.root_dir and ', root ' .. client.config.root_dir or ', no root'
    health.ok(('running for %s%s, %s'):format(table.concat(buffers, ', '), root, client.offset_encoding))
  end
  if #clients > 0 then
    return
  end
  if vim.lsp.is_enabled and vim.lsp.is_enabled('dockfix') then
    health.info('not running: no Dockerfile is open')
  else
    health.info("not running: open a Dockerfile, after vim.lsp.enable('dockfix') or require('dockfix').setup()")
  end
end

local function check_others()
  for _, name in ipairs(others) do
    for _, client in ipairs(vim.lsp.get_clients({ name = name })) do
      for buffer in pairs(client.attached_buffers) do
        if #vim.lsp.get_clients({ bufnr = buffer, name = 'dockfix' }) > 0 then
          health.warn(('`%s` serves the same buffer: both answer hover, completion and the like'):format(name), {
            'Leave a feature to it: init_options = { features = { hover = false } }; see :help dockfix-options',
          })
          break
        end
      end
    end
  end
end

function M.check()
  health.start('dockfix')
  if vim.fn.has('nvim-0.10') == 0 then
    health.error('Neovim 0.10 or later is needed')
    return
  end
  check_program()
  check_clients()
  check_others()
  health.info('what the server says of itself is in ' .. require('vim.lsp.log').get_filename())
end

return M
