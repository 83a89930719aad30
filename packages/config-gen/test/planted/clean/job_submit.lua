-- GPU queues are for jobs that ask for GPUs, and the others are not.
local gpu_queue = { a100 = true, t4 = true }

local function wants_gpu(job)
  for _, key in ipairs({ "tres_per_job", "tres_per_node", "tres_per_socket", "tres_per_task" }) do
    local value = job[key]
    if value ~= nil and string.find(value, "gpu") then
      return true
    end
  end
  return false
end

function slurm_job_submit(job_desc, part_list, submit_uid)
  if job_desc.partition ~= nil and gpu_queue[job_desc.partition] and not wants_gpu(job_desc) then
    slurm.log_user("Partition %s is for jobs with --gres=gpu.", job_desc.partition)
    return slurm.ERROR
  end
  return slurm.SUCCESS
end

function slurm_job_modify(job_desc, job_rec, part_list, modify_uid)
  return slurm.SUCCESS
end

return slurm.SUCCESS
