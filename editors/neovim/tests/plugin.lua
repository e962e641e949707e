-- The plugin itself: saving, settings, names of files, health, help, and the recipes of the README.
local t = dofile(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)) .. '/support.lua')
local dockfix = require('dockfix')
local check = t.check

check('knows the names of Dockerfiles', function()
  for _, name in ipairs({
    'Dockerfile', 'Dockerfile.dev', 'dockerfile.dev', 'app.Dockerfile', 'app.dockerfile',
    'Containerfile', 'Containerfile.dev', 'app.Containerfile', 'app.containerfile',
  }) do
    vim.cmd.edit(t.folder() .. '/' .. name)
    t.equal({ name, vim.bo.filetype }, { name, 'dockerfile' })
  end
end)

check('a Dockerfile that is open already is served too', function()
  t.open('FROM debian:12-slim\nMAINTAINER Jane')
  dockfix.setup()
  t.diagnostic('maintainer')
end)

check('fix on save is done before the file is written', function()
  dockfix.setup({ fix_on_save = true, timeout = 5000 })
  local _, file = t.open('FROM debian:12-slim\nMAINTAINER Jane')
  t.client()
  vim.cmd('silent write')
  t.equal(vim.fn.readfile(file)[2], 'LABEL org.opencontainers.image.authors="Jane"')
  t.equal(vim.bo.modified, false)
  vim.cmd('silent write')
  t.equal(#vim.fn.readfile(file), 2)
end)

check('fix on save keeps to what is safe', function()
  local _, file = t.open('FROM debian:12\nRUN apt-get install -y curl')
  t.diagnostic('full-base-image')
  vim.cmd('silent write')
  t.equal(vim.fn.readfile(file)[1], 'FROM debian:12')
  assert(dockfix.fix(0, { unsafe = true }), 'nothing was fixed')
  t.equal(t.lines()[1], 'FROM debian:12-slim')
  dockfix.setup()
end)

check('fix on save, as the README writes it', function()
  local _, file = t.open('FROM debian:12-slim\nMAINTAINER Jane')
  t.client()
  vim.cmd('silent write')
  t.equal(vim.fn.readfile(file)[2], 'MAINTAINER Jane')
  t.run(t.recipe('Fix on save'))
  vim.cmd('silent write')
  t.equal(vim.fn.readfile(file)[2], 'LABEL org.opencontainers.image.authors="Jane"')
end)

check('does nothing where no server is', function()
  vim.cmd.enew()
  t.equal(dockfix.fix(), false)
end)

check('options reach the server', function()
  t.stop()
  dockfix.setup({ lsp = { init_options = { ignore = { 'maintainer' }, features = { hover = false } } } })
  t.open('FROM debian:12-slim\nMAINTAINER Jane\nRUN pip install flask')
  t.diagnostic('pip-cache')
  t.gone('maintainer')
  t.equal(t.client().server_capabilities.hoverProvider, nil)
end)

local function health()
  vim.cmd('silent checkhealth dockfix')
  local text = table.concat(t.lines(), '\n')
  vim.cmd('bwipeout!')
  return text
end

check('checkhealth says which program runs, and where', function()
  local text = health()
  local program = vim.trim(vim.fn.system({ 'dockfix', '--version' }))
  assert(text:find(program .. ': ' .. vim.fn.exepath('dockfix'), 1, true), text)
  assert(text:find('running for .*Dockerfile'), text)
  assert(not text:find('ERROR'), text)
end)

check('checkhealth warns of a second server', function()
  t.open('FROM debian:12-slim\nMAINTAINER Jane')
  t.client()
  local id = vim.lsp.start({ name = 'dockerls', cmd = { 'dockfix', 'lsp' } })
  t.wait('it', function()
    return vim.lsp.get_client_by_id(id).initialized
  end)
  local text = health()
  assert(text:find('`dockerls` serves the same buffer'), text)
  require('dockfix.client').call(vim.lsp.get_client_by_id(id), 'stop')
end)

check('checkhealth says what to do when the program is missing', function()
  local path = vim.env.PATH
  vim.env.PATH = '/nowhere'
  local text = health()
  vim.env.PATH = path
  assert(text:find('ERROR `dockfix` is not found') and text:find('cargo install'), text)
end)

check('has its help', function()
  vim.cmd.helptags(t.here .. '/doc')
  for _, tag in ipairs({ 'dockfix', 'dockfix-options', 'dockfix.setup()', 'dockfix.fix()', 'dockfix.restart()' }) do
    vim.cmd.help(tag)
    t.equal(vim.fs.basename(vim.api.nvim_buf_get_name(0)), 'dockfix.txt')
    assert(vim.api.nvim_get_current_line():find('*' .. tag .. '*', 1, true), tag)
    vim.cmd.helpclose()
  end
  -- Every tag that the text points at is there.
  local tags = table.concat(vim.fn.readfile(t.here .. '/doc/tags'), '\n')
  for name in table.concat(vim.fn.readfile(t.here .. '/doc/dockfix.txt'), '\n'):gmatch('|(dockfix[^|]*)|') do
    assert(('\n' .. tags):find('\n' .. name .. '\t', 1, true), name)
  end
  vim.fn.delete(t.here .. '/doc/tags')
end)

check('the linter for nvim-lint finds what the server finds', function()
  local text = 'FROM python:3.13-slim\nRUN echo "漢字 🐳" && pip install flask'
  local buffer, file = t.open(text)
  local linter = require('lint.linters.dockfix')
  local command = { linter.cmd }
  for _, word in ipairs(linter.args) do
    table.insert(command, type(word) == 'function' and word() or word)
  end
  t.equal(command[#command], file)
  local ran = vim.system(command, { stdin = text }):wait(10000)
  t.equal({ ran.code, ran.stderr }, { 0, '' })
  local function place(d)
    return { d.code, d.severity, d.message, d.lnum, d.col, d.end_lnum, d.end_col }
  end
  local sort = function(list)
    table.sort(list, function(a, b)
      return a[1] < b[1]
    end)
    return list
  end
  t.diagnostic('pip-cache')
  local shown = sort(vim.tbl_map(place, vim.diagnostic.get(buffer)))
  t.equal(sort(vim.tbl_map(place, linter.parser(ran.stdout, buffer))), shown)
  t.equal(linter.parser('', buffer), {})
end)

check('the formatter for conform.nvim prints the fixed text', function()
  local formatter = require('conform.formatters.dockfix')
  local command = { formatter.command }
  for _, word in ipairs(formatter.args) do
    table.insert(command, word == '$FILENAME' and '/nowhere/Dockerfile' or word)
  end
  local ran = vim.system(command, { stdin = 'FROM python:3.13\nRUN pip install flask\n' }):wait(10000)
  t.equal(ran, { code = 0, signal = 0, stderr = '', stdout = 'FROM python:3.13\nRUN pip install --no-cache-dir flask\n' })
end)

check('every piece of Lua in README and help can be read', function()
  local count = 0
  for _, file in ipairs({ 'README.md', 'doc/dockfix.txt' }) do
    local text = table.concat(vim.fn.readfile(t.here .. '/' .. file), '\n')
    local pattern = file == 'README.md' and '```lua\n(.-)```' or '>lua\n(.-)\n<'
    for code in text:gmatch(pattern) do
      assert(loadstring(code), code)
      count = count + 1
    end
  end
  assert(count > 5, count)
end)

check('nothing went wrong in the log, and nothing that was called is deprecated', function()
  local log = require('vim.lsp.log').get_filename()
  for _, line in ipairs(vim.fn.filereadable(log) == 1 and vim.fn.readfile(log) or {}) do
    assert(not line:find('^%[ERROR%]'), line)
  end
  t.equal(t.deprecated, {})
end)
