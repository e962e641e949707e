--- What the tests share. Each test is a script for `nvim -l`; nothing waits for a fixed time.
local M = {}

M.here = vim.fs.dirname(vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2)))
local version = ('neovim %d.%d.%d'):format(vim.version().major, vim.version().minor, vim.version().patch)

vim.cmd('filetype on')
vim.opt.runtimepath:prepend(M.here)
vim.cmd.runtime('plugin/dockfix.lua')

--- What the plugin called that is to go in a later Neovim.
M.deprecated = {}
vim.deprecate = function(name)
  local trace = debug.traceback()
  if trace:find('/lua/dockfix/', 1, true) then
    table.insert(M.deprecated, name .. '\n' .. trace)
  end
end

--- One line for what holds; an end for what does not.
---@param what string
---@param test fun()
function M.check(what, test)
  local started = vim.uv.hrtime()
  local fine, why = xpcall(test, debug.traceback)
  local line = ('%-4s %6.1f s   %s: %s\n'):format(
    fine and 'ok' or 'MISS', (vim.uv.hrtime() - started) / 1e9, version, what)
  io.stdout:write(line)
  if not fine then
    io.stderr:write(tostring(why), '\n', vim.fn.execute('messages'), '\n')
    os.exit(1)
  end
end

--- Waits until `ready` gives something, and returns that.
function M.wait(what, ready)
  local got
  local came = vim.wait(10000, function()
    got = ready()
    return got
  end, 10)
  assert(came, 'waited in vain for ' .. what)
  return got
end

function M.equal(got, wanted)
  assert(vim.deep_equal(got, wanted), ('got %s\nwanted %s'):format(vim.inspect(got), vim.inspect(wanted)))
end

--- A folder of its own; with a root marker unless it is to be `bare`.
function M.folder(bare)
  local folder = vim.uv.fs_realpath(vim.fn.fnamemodify(vim.fn.tempname(), ':h')) .. '/' .. vim.uv.hrtime()
  vim.fn.mkdir(folder .. (bare and '' or '/.git'), 'p')
  return folder
end

--- Opens a Dockerfile with this text.
function M.open(text, folder, name)
  local file = (folder or M.folder()) .. '/' .. (name or 'Dockerfile')
  vim.fn.writefile(vim.split(text, '\n'), file)
  vim.cmd.edit(file)
  return vim.api.nvim_get_current_buf(), file
end

function M.lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false)
end

--- The client of a buffer, when it is ready.
function M.client(buffer)
  return M.wait('the client', function()
    local client = vim.lsp.get_clients({ bufnr = buffer or 0, name = 'dockfix' })[1]
    return client and client.initialized and client
  end)
end

--- Ends all servers, and waits until they are gone.
function M.stop()
  for _, client in ipairs(vim.lsp.get_clients()) do
    require('dockfix.client').call(client, 'stop')
  end
  M.wait('the end of the servers', function()
    return #vim.lsp.get_clients() == 0
  end)
end

--- The diagnostic of this rule.
function M.diagnostic(rule, buffer)
  return M.wait('a diagnostic of ' .. rule, function()
    return vim.iter(vim.diagnostic.get(buffer or 0)):find(function(d)
      return d.code == rule
    end)
  end)
end

--- Waits until no diagnostic of this rule is left.
function M.gone(rule, buffer)
  M.wait('the end of ' .. rule, function()
    return not vim.iter(vim.diagnostic.get(buffer or 0)):any(function(d)
      return d.code == rule
    end)
  end)
end

--- Sends a request, and waits for what comes.
function M.ask(method, params)
  local answers = assert(vim.lsp.buf_request_sync(0, method, params, 10000))
  local _, answer = next(answers)
  assert(answer and not answer.err, vim.inspect(answer))
  return answer.result
end

--- The code below a heading of the README.
function M.recipe(heading, language)
  local readme = table.concat(vim.fn.readfile(M.here .. '/README.md'), '\n')
  local _, from = readme:find('\n#+ ' .. vim.pesc(heading) .. '\n')
  assert(from, 'no heading ' .. heading)
  return assert(readme:match('```' .. (language or 'lua') .. '\n(.-)```', from), 'no code under ' .. heading)
end

--- Runs Lua as a user's configuration would.
function M.run(code)
  assert(loadstring(code))()
end

return M
